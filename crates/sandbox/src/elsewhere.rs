//! Systems on which there is no box: everything says so, nothing is read.

pub(crate) mod inmate {
    //! There is no child.
    use std::time::Instant;

    /// A child at work; there is none.
    #[derive(Debug)]
    pub struct Inmate(std::convert::Infallible);

    /// What is heard of a child.
    #[derive(Clone, Debug, PartialEq, Eq)]
    pub enum Heard {
        /// A frame: its kind and its body.
        Frame(u8, Vec<u8>),
        /// It has ended.
        End(End),
    }

    /// How a child ended.
    #[derive(Clone, Debug, PartialEq, Eq)]
    #[expect(missing_docs, reason = "see the box of Linux")]
    pub enum End {
        Exited,
        Failed(i32),
        OutOfMemory,
        StackOverflow,
        Forbidden,
        Signal(i32),
        OverTime,
        Garbage,
        Unlockable(String),
        ZygoteDied,
    }

    impl Inmate {
        /// There is nothing to wait for.
        pub fn next(&mut self, _deadline: Instant) -> Heard {
            match self.0 {}
        }

        /// There is nothing to wait for.
        pub fn hear_until(&mut self, _deadline: Instant) -> Option<Heard> {
            match self.0 {}
        }

        /// It takes none.
        pub fn processor_time(&mut self) -> Option<std::time::Duration> {
            match self.0 {}
        }

        /// There is nothing to kill.
        pub fn kill(&mut self, _why: End) -> End {
            match self.0 {}
        }
    }
}

pub(crate) mod keeper {
    //! There is no zygote.
    use super::inmate::Inmate;
    use crate::{BoxError, Limits};
    use std::ffi::OsString;
    use std::path::PathBuf;

    /// How the zygote would be started.
    #[derive(Clone, Debug)]
    pub struct Start {
        /// The programme; nothing for the one that is running.
        pub program: Option<PathBuf>,
        /// Its arguments.
        pub arguments: Vec<OsString>,
    }

    /// Bytes for children to read.
    #[derive(Debug)]
    pub struct Input;

    impl Input {
        /// Nothing is kept.
        pub fn new(_bytes: &[u8]) -> std::io::Result<Self> {
            Ok(Self)
        }
    }

    /// Keeps nothing.
    #[derive(Debug)]
    pub struct Keeper;

    impl Keeper {
        /// Nothing is started.
        pub fn new(_start: Start) -> Self {
            Self
        }

        /// Says that there is no box.
        pub fn warm(&self) -> Result<(), BoxError> {
            Err(BoxError::Unlockable("it is built for Linux only".to_owned()))
        }

        /// There is none.
        pub fn zygote_pid(&self) -> Option<u32> {
            None
        }

        /// Says that there is no box.
        pub fn summon(&self, _: &[u8], _: &Input, _: Limits, _: bool) -> Result<Inmate, BoxError> {
            Err(BoxError::Unlockable("it is built for Linux only".to_owned()))
        }
    }
}

pub(crate) mod zygote {
    //! There is no zygote.
    use std::process::ExitCode;

    /// What the children would do.
    pub trait Work {
        /// Loads what reading needs.
        fn prepare(&mut self, heavy: bool);
        /// Does the work.
        fn run(&mut self, order: &[u8], input: Vec<u8>, outlet: &Outlet);
    }

    /// Where a child would put its answer.
    pub struct Outlet;

    impl Outlet {
        /// Sends nothing.
        pub fn send(&self, _kind: u8, _body: &[u8]) {}

        /// Sends nothing.
        pub fn send_raw(&self, _bytes: &[u8]) {}

        /// Ends the process.
        pub fn finish(&self) -> ! {
            std::process::exit(0)
        }
    }

    /// Ends at once.
    pub fn serve(_work: impl Work) -> ExitCode {
        ExitCode::FAILURE
    }
}
