//! What people say of a case where no command takes it yet, said through the handles of the roles.

use crate::desk::Desk;
use cartulary_casework::{Casework, Decision, Judgement, ReadingTexts};
use cartulary_ledger::{FactRef, Person, Place, World};
use cartulary_model::{ActorId, CaseId, Clock, Entropy, Instant};
use cartulary_vault::{Blobs, RootKey};
use std::sync::{Arc, Mutex};

struct MachineClock;

impl Clock for MachineClock {
    #[expect(clippy::disallowed_methods, reason = "entries must follow those of the commands")]
    fn now(&self) -> Instant {
        Instant::from_micros(jiff::Timestamp::now().as_microsecond())
    }
}

struct MachineEntropy;

impl Entropy for MachineEntropy {
    fn fill(&mut self, bytes: &mut [u8]) {
        getrandom::fill(bytes).unwrap();
    }
}

async fn open(desk: &Desk) -> Casework {
    let mut place = Place::folder(desk.path("data"));
    place.database.clone_from(&desk.database);
    let root = RootKey::from_file(&desk.path(desk.key), None).unwrap();
    let blobs = Blobs::in_folder(&desk.path("data/blobs")).unwrap();
    let texts = ReadingTexts::new(blobs.clone());
    let world = World { clock: Arc::new(MachineClock), entropy: Arc::new(Mutex::new(MachineEntropy)), texts };
    Casework::new(place.open(&root, None, world).await.unwrap(), blobs)
}

/// Says all the words of a case by every act that takes text.
pub(crate) fn say_all(desk: &Desk, case: &str, words: &[String]) {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    runtime.block_on(async {
        let casework = open(desk).await;
        say(&casework, case.parse().unwrap(), words).await;
        casework.ledger().clone().close().await.unwrap();
    });
}

async fn say(casework: &Casework, case: CaseId, words: &[String]) {
    let who = ActorId::from_uuid(uuid::Uuid::from_u128(7));
    let (coordinator, physician) = (casework.coordinator(who), casework.physician(who));
    for some in words.chunks(20) {
        coordinator.note(case, &some.join(" ")).await.unwrap();
    }
    let person =
        Person { names: words[..4].to_vec(), numbers: words[110..114].to_vec(), ..Person::default() };
    coordinator.identify(case, person).await.unwrap();
    let decision =
        Decision { decision: "wait".to_owned(), set: None, reason: words[150].clone(), evaluation: None };
    physician.decide(case, &decision).await.unwrap();
    coordinator.consent(case, "registry", None).await.unwrap();
    coordinator.withdraw(case, "registry", Some(words[180].clone())).await.unwrap();
    casework.administrator(who).retain(case, None, &words[60]).await.unwrap();
    let version = casework.ledger().case(case).await.unwrap().version;
    coordinator.undo(case, version, &words[151]).await.unwrap();
    // A fact that is not there: whatever is said of it is refused.
    let nothing =
        Judgement::Reject { fact: FactRef(words[20].as_str().into()), reason: Some(words[21].clone()) };
    assert!(coordinator.judge(case, nothing).await.is_err());
}
