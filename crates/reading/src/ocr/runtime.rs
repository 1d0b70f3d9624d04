//! What runs a neural network. One implementation today, pure Rust; a native one may come beside it.

use rten::{Model, RunOptions, ThreadPool};
use rten_tensor::NdTensor;
use rten_tensor::prelude::*;
use std::path::Path;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, OnceLock};

/// A network's answer: numbers and their shape.
pub(crate) struct Output {
    pub(crate) data: Vec<f32>,
    pub(crate) shape: Vec<usize>,
}

/// Who computes: all threads on one big input, or one of several lanes that each take their own inputs.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Threads {
    All,
    Lane(usize),
}

/// A loaded network.
pub(crate) trait Runtime: Send + Sync {
    /// Runs it on one input of shape batch, channels, height, width.
    fn run(&self, input: Vec<f32>, shape: [usize; 4], threads: Threads) -> Result<Output, String>;

    /// A text stored with the network.
    fn metadata(&self, key: &str) -> Option<String>;
}

/// Thread pools that all networks share. They start at the first run: a process that loads the networks and then
/// forks must have no threads.
pub(crate) struct Pools {
    threads: AtomicUsize,
    all: OnceLock<Arc<ThreadPool>>,
    lanes: OnceLock<Vec<Arc<ThreadPool>>>,
}

impl Pools {
    pub(crate) fn new(threads: usize) -> Self {
        Self { threads: AtomicUsize::new(threads), all: OnceLock::new(), lanes: OnceLock::new() }
    }

    /// Without effect on pools that run already.
    pub(crate) fn set_threads(&self, threads: usize) {
        self.threads.store(threads.max(1), Ordering::Relaxed);
    }

    pub(crate) fn lanes(&self) -> usize {
        self.lanes.get().map_or(self.threads.load(Ordering::Relaxed), Vec::len)
    }

    fn of(&self, threads: Threads) -> Arc<ThreadPool> {
        let pool = |size| Arc::new(ThreadPool::with_num_threads(size));
        match threads {
            Threads::All => Arc::clone(self.all.get_or_init(|| pool(self.threads.load(Ordering::Relaxed)))),
            Threads::Lane(lane) => {
                let lanes = self.lanes.get_or_init(|| (0..self.lanes()).map(|_| pool(1)).collect());
                Arc::clone(&lanes[lane % lanes.len()])
            }
        }
    }
}

/// A network run by `rten`.
pub(crate) struct Rten {
    model: Model,
    pools: Arc<Pools>,
}

impl Rten {
    pub(crate) fn load(path: &Path, pools: &Arc<Pools>) -> Result<Self, String> {
        let model = Model::load_file(path).map_err(|error| error.to_string())?;
        let pools = Arc::clone(pools);
        Ok(Self { model, pools })
    }
}

impl Runtime for Rten {
    fn run(&self, input: Vec<f32>, shape: [usize; 4], threads: Threads) -> Result<Output, String> {
        let input = NdTensor::from_data(shape, input);
        let options = RunOptions::default().with_thread_pool(Some(self.pools.of(threads)));
        let output =
            self.model.run_one(input.view().into(), Some(options)).map_err(|error| error.to_string())?;
        let output: rten_tensor::Tensor<f32> = output
            .try_into()
            .map_err(|_| "the network answered with something else than numbers".to_owned())?;
        Ok(Output { shape: output.shape().to_vec(), data: output.into_data() })
    }

    fn metadata(&self, key: &str) -> Option<String> {
        self.model.metadata().get(key).map(str::to_owned)
    }
}
