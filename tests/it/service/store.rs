//! The store alone.

use super::database::{Database, on_both_engines};
use super::samples::{date, morning, plan, position};
use chrono::{TimeDelta, Utc};
use routeforce::runtime::progress::Step;
use routeforce::store::{
    DEFAULT_TENANT, Heartbeat, JobState, NewJob, Outcome, PutPlan, Store, StoreError, Take,
};
use std::collections::HashSet;
use uuid::Uuid;

on_both_engines!(
    migration_is_idempotent,
    a_restart_keeps_everything,
    positions_are_stored_once,
    a_plan_is_stored_once,
    two_workers_never_run_one_job,
    a_lost_lease_is_taken_over,
    a_job_is_cancelled_and_handed_back,
    an_idempotency_key_is_one_job,
    workers_take_only_their_kinds,
);

const PLANS: Take<'_> = Take::Kind("plan");
const JOB: NewJob<'_> = NewJob {
    kind: "plan",
    payload: "{}",
    idempotency_key: None,
};

fn step(done: u64) -> Step {
    Step {
        stage: "search".into(),
        done,
        total: 10,
    }
}

async fn migration_is_idempotent(database: Database) {
    let store = Store::connect(&database.url).await.unwrap();
    let first = store.migrate().await.unwrap();
    assert_eq!(store.migrate().await.unwrap(), first);
    assert!(first >= 1);
    let again = Store::connect(&database.url).await.unwrap();
    assert_eq!(again.migrate().await.unwrap(), first);
    again.ping().await.unwrap();
}

async fn a_restart_keeps_everything(database: Database) {
    let plan = plan(Uuid::now_v7(), morning());
    let store = database.store().await;
    store.put_plan(DEFAULT_TENANT, &plan).await.unwrap();
    let fixes = [position("van-1", 1), position("van-1", 0)];
    store
        .insert_positions(DEFAULT_TENANT, &fixes, morning())
        .await
        .unwrap();
    store.close().await;

    let store = database.store().await;
    assert_eq!(
        store.plan(DEFAULT_TENANT, plan.id).await.unwrap(),
        Some(plan.clone())
    );
    let latest = store
        .latest_plan(DEFAULT_TENANT, Some(date()))
        .await
        .unwrap();
    assert_eq!(latest, Some(plan));
    let last = store
        .last_positions(DEFAULT_TENANT, None, 10)
        .await
        .unwrap();
    assert_eq!(last.items, [position("van-1", 1)]);
}

async fn positions_are_stored_once(database: Database) {
    let store = database.store().await;
    let fixes: Vec<_> = (0..1_200).map(|m| position("van-1", m)).collect();
    let twice: Vec<_> = fixes.iter().chain(&fixes[..3]).cloned().collect();
    let new = store
        .insert_positions(DEFAULT_TENANT, &twice, morning())
        .await
        .unwrap();
    assert_eq!(new, (0..1_200).collect::<Vec<_>>());
    let new = store
        .insert_positions(DEFAULT_TENANT, &fixes, morning())
        .await
        .unwrap();
    assert!(new.is_empty());
    // An older fix that comes late does not become the last one.
    let late = [position("van-1", -5)];
    store
        .insert_positions(DEFAULT_TENANT, &late, morning())
        .await
        .unwrap();
    let last = store
        .last_positions(DEFAULT_TENANT, None, 10)
        .await
        .unwrap();
    assert_eq!(last.items, [position("van-1", 1_199)]);
    // All of them, page by page.
    let (from, to) = (
        morning() - TimeDelta::days(1),
        morning() + TimeDelta::days(1),
    );
    let mut read = Vec::new();
    let mut after = None;
    loop {
        let page = store
            .positions_of(DEFAULT_TENANT, "van-1", from, to, after, 100)
            .await
            .unwrap();
        read.extend(page.items);
        after = page.next;
        if after.is_none() {
            break;
        }
    }
    assert_eq!(read.len(), 1_201);
    assert!(read.is_sorted_by_key(|p| p.ts));
}

async fn a_plan_is_stored_once(database: Database) {
    let store = database.store().await;
    let mut plan = plan(Uuid::now_v7(), morning());
    assert_eq!(
        store.put_plan(DEFAULT_TENANT, &plan).await.unwrap(),
        PutPlan::Created
    );
    assert_eq!(
        store.put_plan(DEFAULT_TENANT, &plan).await.unwrap(),
        PutPlan::Unchanged
    );
    plan.cost.fixed += 1.0;
    let error = store.put_plan(DEFAULT_TENANT, &plan).await.unwrap_err();
    assert!(
        matches!(error, StoreError::Conflict { what: "plan", .. }),
        "{error}"
    );
}

async fn two_workers_never_run_one_job(database: Database) {
    let store = database.store().await;
    for _ in 0..40 {
        store
            .enqueue(DEFAULT_TENANT, JOB, Utc::now())
            .await
            .unwrap();
    }
    let workers = (0..4).map(|worker| {
        let store = store.clone();
        tokio::spawn(async move {
            let mut taken = Vec::new();
            let lease = TimeDelta::minutes(1);
            while let Some(job) = store
                .claim(&worker.to_string(), PLANS, lease, Utc::now())
                .await
                .unwrap()
            {
                taken.push(job.id);
            }
            taken
        })
    });
    let taken = futures::future::join_all(workers.collect::<Vec<_>>()).await;
    let taken: Vec<Uuid> = taken.into_iter().flat_map(Result::unwrap).collect();
    // PostgreSQL may pass over a locked row and end a worker early; none is ever taken twice.
    assert_eq!(taken.iter().collect::<HashSet<_>>().len(), taken.len());
    assert_eq!(taken.len(), 40);
}

async fn a_lost_lease_is_taken_over(database: Database) {
    let store = database.store().await;
    let id = store
        .enqueue(DEFAULT_TENANT, JOB, morning())
        .await
        .unwrap()
        .id;
    let lease = TimeDelta::seconds(10);
    let job = store
        .claim("first", PLANS, lease, morning())
        .await
        .unwrap()
        .unwrap();
    assert_eq!((job.id, job.scope, job.attempts), (id, DEFAULT_TENANT, 1));
    let later = morning() + TimeDelta::seconds(9);
    assert_eq!(
        store.claim("second", PLANS, lease, later).await.unwrap(),
        None
    );
    let beat = store
        .heartbeat(job.scope, id, "first", &step(1), later + lease)
        .await;
    assert_eq!(beat.unwrap(), Heartbeat::Kept);
    // The heartbeat moved the end of the lease.
    let past = morning() + TimeDelta::seconds(18);
    assert_eq!(
        store.claim("second", PLANS, lease, past).await.unwrap(),
        None
    );
    let past = morning() + TimeDelta::seconds(20);
    let again = store
        .claim("second", PLANS, lease, past)
        .await
        .unwrap()
        .unwrap();
    assert_eq!((again.id, again.attempts), (id, 2));
    // Whoever lost it can change nothing any more.
    let beat = store
        .heartbeat(job.scope, id, "first", &step(2), past + lease)
        .await;
    assert_eq!(beat.unwrap(), Heartbeat::Lost);
    let plan = plan(Uuid::now_v7(), morning());
    let finished = store
        .finish(job.scope, id, "first", Outcome::Planned(&plan), past)
        .await;
    assert!(!finished.unwrap());
    assert_eq!(store.plan(DEFAULT_TENANT, plan.id).await.unwrap(), None);
    assert!(!store.hand_back(job.scope, id, "first").await.unwrap());
    let finished = store
        .finish(job.scope, id, "second", Outcome::Planned(&plan), past)
        .await;
    assert!(finished.unwrap());
    let job = store.job(DEFAULT_TENANT, id).await.unwrap().unwrap();
    assert_eq!(
        (job.state, job.result_id),
        (JobState::Succeeded, Some(plan.id))
    );
    assert_eq!(
        store.plan(DEFAULT_TENANT, plan.id).await.unwrap(),
        Some(plan)
    );
}

async fn a_job_is_cancelled_and_handed_back(database: Database) {
    let store = database.store().await;
    let waiting = store
        .enqueue(DEFAULT_TENANT, JOB, morning())
        .await
        .unwrap()
        .id;
    let job = store
        .request_cancel(DEFAULT_TENANT, waiting, morning())
        .await
        .unwrap()
        .unwrap();
    assert_eq!(job.state, JobState::Cancelled);
    let lease = TimeDelta::seconds(10);
    assert_eq!(
        store.claim("w", PLANS, lease, morning()).await.unwrap(),
        None
    );

    let running = store
        .enqueue(DEFAULT_TENANT, JOB, morning())
        .await
        .unwrap()
        .id;
    store
        .claim("w", PLANS, lease, morning())
        .await
        .unwrap()
        .unwrap();
    assert!(store.hand_back(DEFAULT_TENANT, running, "w").await.unwrap());
    let job = store.job(DEFAULT_TENANT, running).await.unwrap().unwrap();
    assert_eq!((job.state, job.attempts), (JobState::Queued, 0));
    store
        .claim("v", PLANS, lease, morning())
        .await
        .unwrap()
        .unwrap();
    let job = store
        .request_cancel(DEFAULT_TENANT, running, morning())
        .await
        .unwrap()
        .unwrap();
    assert!(job.cancel_requested && job.state == JobState::Running);
    let beat = store
        .heartbeat(DEFAULT_TENANT, running, "v", &step(1), morning() + lease)
        .await;
    assert_eq!(beat.unwrap(), Heartbeat::CancelRequested);
}

async fn an_idempotency_key_is_one_job(database: Database) {
    let store = database.store().await;
    let keyed = NewJob {
        idempotency_key: Some("monday"),
        ..JOB
    };
    let first = store
        .enqueue(DEFAULT_TENANT, keyed, morning())
        .await
        .unwrap();
    let second = store
        .enqueue(DEFAULT_TENANT, keyed, Utc::now())
        .await
        .unwrap();
    assert_eq!(first, second);
    let other = NewJob {
        payload: "{\"a\":1}",
        ..keyed
    };
    let error = store
        .enqueue(DEFAULT_TENANT, other, morning())
        .await
        .unwrap_err();
    assert!(matches!(error, StoreError::Conflict { .. }), "{error}");
}

async fn workers_take_only_their_kinds(database: Database) {
    let store = database.store().await;
    let backtest = NewJob {
        kind: "backtest",
        ..JOB
    };
    for job in [backtest, JOB] {
        store.enqueue(DEFAULT_TENANT, job, morning()).await.unwrap();
    }
    let lease = TimeDelta::seconds(10);
    for (take, kind) in [(PLANS, "plan"), (Take::AllBut("plan"), "backtest")] {
        let job = store.claim("w", take, lease, morning()).await.unwrap();
        assert_eq!(job.unwrap().kind, kind);
        let none = store.claim("w", take, lease, morning()).await.unwrap();
        assert_eq!(none, None);
    }
}
