//! Writes the past of the example clinic into its register: each thing at its time, by the hand that did it.

use super::{
    DemoClock,
    script::{Act, Script, Step},
};
use anyhow::{Context, Result, anyhow, bail};
use bytes::Bytes;
use cartulary_casework::{
    Casework, Decision, Inquiry, Judgement, Parcel, Reply, Tools, Worker, Wrapped,
    people::{NewAccount, Role},
};
use cartulary_ledger::Sender;
use cartulary_model::{ActorId, CaseId, Clock, ConceptId, Instant};
use cartulary_web::DemoUser;
use std::{
    collections::{BTreeMap, BTreeSet},
    sync::{Arc, Mutex},
};

/// Login, name, role.
const USERS: [(&str, &str, Role); 4] = [
    ("lin", "Lin Yue 林悦", Role::Coordinator),
    ("chen", "Dr. Chen Wei 陈卫", Role::Physician),
    ("okafor", "Ada Okafor", Role::DataManager),
    ("admin", "Jonas Weber", Role::Administrator),
];
const PASSWORD: &str = "example clinic";

/// What happens at a time.
enum Event<'a> {
    Arrival(&'a Script),
    Step(&'a Step),
}

/// Plays all cases, and gives the users that may sign in.
pub(super) async fn sow(
    casework: &Casework,
    tools: &Arc<Tools>,
    clock: &DemoClock,
    scripts: &[Script],
) -> Result<Vec<DemoUser>> {
    let now = clock.now();
    let users = users(casework).await?;
    let people: BTreeMap<Role, ActorId> = casework
        .people()
        .all()
        .await?
        .iter()
        .flat_map(|of| of.roles.iter().map(|role| (*role, of.who)))
        .collect();
    let mut events: Vec<(Instant, usize, Event<'_>)> = Vec::new();
    for (place, script) in scripts.iter().enumerate() {
        let arrival = now.plus_micros(script.received_us);
        events.push((arrival, place, Event::Arrival(script)));
        events.extend(
            script.steps.iter().map(|step| (arrival.plus_micros(step.after_us), place, Event::Step(step))),
        );
    }
    // What would only come yet has not happened.
    events.retain(|(at, ..)| *at < now);
    events.sort_by_key(|(at, place, _)| (*at, *place));
    let last_arrival = scripts.iter().map(|script| script.received_us).max().unwrap_or(0);
    let worker = Worker::new(casework.clone(), Arc::clone(tools), "demo");
    let mut cases: BTreeMap<usize, CaseId> = BTreeMap::new();
    for (at, place, event) in events {
        clock.set(at);
        match event {
            Event::Arrival(script) => {
                let case = receive(casework, people[&Role::Coordinator], script).await?;
                cases.insert(place, case);
                // The last to arrive is read while people look on.
                if script.received_us != last_arrival {
                    drain(&worker).await?;
                }
            }
            Event::Step(step) => {
                let case = cases.get(&place).ok_or_else(|| anyhow!("a step before the papers"))?;
                act(casework, &people, *case, step)
                    .await
                    .with_context(|| format!("case {} of the demo: {step:?}", place + 1))?;
                drain(&worker).await?;
            }
        }
    }
    clock.set(now);
    Ok(users)
}

async fn drain(worker: &Worker) -> Result<()> {
    while let Some(done) = worker.step().await? {
        if let Some(failed) = done.failed {
            bail!("could not {}: {}", done.kind, failed.why);
        }
    }
    Ok(())
}

async fn users(casework: &Casework) -> Result<Vec<DemoUser>> {
    let people = casework.people();
    let mut users = Vec::new();
    for (login, name, role) in USERS {
        let new = NewAccount {
            login: login.to_owned(),
            name: name.to_owned(),
            roles: BTreeSet::from([role]),
            language: String::new(),
            password: PASSWORD.to_owned(),
        };
        people.create(new).await?;
        let token = people
            .sign_in(login, PASSWORD.to_owned())
            .await?
            .ok_or_else(|| anyhow!("{login} cannot sign in"))?;
        let code = people.new_code(&token).await?.ok_or_else(|| anyhow!("{login} has no code"))?;
        let now_s = casework.ledger().now().millis() / 1_000;
        let token = people
            .show_code(&token, &code.code(now_s))
            .await?
            .ok_or_else(|| anyhow!("{login}'s code is refused"))?;
        users.push(DemoUser {
            login: login.to_owned(),
            name: name.to_owned(),
            role: role.name().to_owned(),
            password: PASSWORD.to_owned(),
            code,
            token: Mutex::new(token),
        });
    }
    Ok(users)
}

async fn receive(casework: &Casework, who: ActorId, script: &Script) -> Result<CaseId> {
    let papers = script
        .papers
        .iter()
        .map(|(name, bytes)| Wrapped::of(name.as_str(), cartulary_reading::media_type(bytes), bytes));
    let of = &script.sender;
    let sender = Sender {
        name: of.name.clone(),
        relation: of.relation.clone(),
        language: of.language.clone(),
        country: of.country.clone(),
        mail: of.mail.clone(),
        phone: of.phone.clone(),
        whatsapp: of.whatsapp.clone(),
    };
    let inquiry = Inquiry {
        sender,
        words: Some(script.words.clone()),
        notice: None,
        consents: script.consents.clone(),
    };
    let parcel = Parcel {
        channel: script.channel.clone(),
        from: of.mail.clone().or_else(|| of.whatsapp.clone()),
        source: String::new(),
        papers: papers.collect(),
        inquiry: Some(inquiry),
    };
    let mut open = |place: usize| Ok(Bytes::from_static(script.papers[place].1));
    Ok(casework.coordinator(who).receive(None, &parcel, &mut open).await?.case)
}

async fn act(casework: &Casework, people: &BTreeMap<Role, ActorId>, case: CaseId, step: &Step) -> Result<()> {
    let role = Role::named(&step.who).ok_or_else(|| anyhow!("there is no role {}", step.who))?;
    let who = people[&role];
    let (coordinator, physician) = (casework.coordinator(who), casework.physician(who));
    match &step.act {
        Act::Assign if role == Role::Physician => {
            casework.coordinator(people[&Role::Coordinator]).hand_on(case, "physician").await?;
        }
        Act::Assign => coordinator.assign(case, Some(who)).await?,
        Act::Confirm { concept } => confirm(casework, who, case, &concept.as_str().into()).await?,
        Act::Reply { text, asks } => {
            let reply = Reply {
                channel: "link".to_owned(),
                text: text.clone(),
                asks: asks.clone(),
                once: String::new(),
            };
            casework.coordinator(people[&Role::Coordinator]).reply(case, &reply).await?;
        }
        Act::Decide { decision, reason } => {
            let evaluation = casework.ledger().case(case).await?.evaluations.last().map(|of| of.seq);
            let decision =
                Decision { decision: decision.clone(), set: None, reason: reason.clone(), evaluation };
            physician.decide(case, &decision).await?;
        }
        Act::Note { text } => casework.staff(who).note(case, text).await?,
        Act::Infuse { on, product } => physician.infused(case, on, product, serde_json::Value::Null).await?,
        Act::Visit { on, visit, response } => {
            physician.visited(case, on, visit, serde_json::json!({ "response": response })).await?;
        }
    }
    Ok(())
}

async fn confirm(casework: &Casework, who: ActorId, case: CaseId, concept: &ConceptId) -> Result<()> {
    let staff = casework.staff(who);
    for (of, taken) in staff.facts(case).await? {
        if taken.fact.concept == *concept {
            staff.judge(of, Judgement::Confirm(taken.name)).await?;
        }
    }
    Ok(())
}
