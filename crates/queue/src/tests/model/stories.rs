//! What the model has found: how the queue, as it is written today, breaks its promises. When one of them is mended,
//! its rule goes to `true` here, and its story away.

use super::{
    Bounds, EARNED, ENDS, FENCED, Model, NOT_BLIND, NOT_BURNT, Rules, bounds,
    state::{Outcome, State},
    steps::Step,
};

/// Takes these steps, with the queue as it is written today, and expects the property to be broken where they end.
fn breaks(bounds: Bounds, steps: &[Step], property: &'static str) {
    let rules = Rules {
        fence: true,
        a_replay_keeps_the_lease: false,
        claim_asks_for_the_seat: false,
        strays_are_swept: false,
        a_stop_is_seen_first: false,
        an_ack_without_sequence_is_not_held: false,
        leaving_puts_strays_back: false,
    };
    let model = Model { rules, bounds };
    let mut state = State::first(&bounds);
    for step in steps {
        let mut possible = Vec::new();
        model.possible(&state, &mut possible);
        assert!(
            possible.contains(step),
            "{step:?} of {steps:?} in {state:?}"
        );
        model.take(&mut state, *step);
    }
    let property = stateright::Model::property(&model, property);
    assert!(
        !(property.condition)(&model, &state),
        "{steps:?} is no breach"
    );
}

#[test]
fn missing_rules() {
    use Step::*;
    let job = |faults| bounds(1, false, 1, faults);
    // The lease is over by the process's clock when the job is to begin, so it lets go of it. Then its heartbeat
    // arrives and the lease holds after all: the row runs under it for ever and nobody runs it.
    breaks(
        job(1),
        &[
            Enqueue(0),
            Look(0),
            Claim(0),
            Stall(0),
            Begin(0, 0),
            Beat(0),
        ],
        ENDS,
    );
    // The server commits the claim of a lost connection after the strays were looked for.
    breaks(
        job(1),
        &[
            Enqueue(0),
            Look(0),
            LoseClaim(0),
            PutBackStrays(0),
            CommitLate(1),
        ],
        ENDS,
    );
    // Frozen between its look at the lease and its claim: it claims for a process row that is gone. Such jobs are
    // taken back with the row of their process, so these never are.
    breaks(
        job(1),
        &[
            Enqueue(0),
            Look(0),
            Freeze(0),
            TimePasses(0),
            TakeBack(1, 1),
            Thaw(0),
            Claim(0),
            Begin(0, 0),
            Beat(0),
        ],
        ENDS,
    );
    // Frozen between claim and run; the heartbeat is the first to wake up and renews the lease under another row.
    breaks(
        bounds(1, false, 2, 1),
        &[
            Enqueue(0),
            Look(0),
            Claim(0),
            Freeze(0),
            TimePasses(0),
            TakeBack(1, 1),
            Thaw(0),
            Beat(0),
            Begin(0, 0),
        ],
        NOT_BLIND,
    );
    // Frozen with an ack in hand; its job becomes a dead letter and is replayed, under the same lease number again.
    let replayed = [
        Enqueue(0),
        Look(0),
        Claim(0),
        Begin(0, 0),
        Finish(0, 0, Outcome::Done),
        Freeze(0),
        TimePasses(0),
        TakeBack(1, 1),
        Replay(0),
        Look(1),
        Claim(1),
        Thaw(0),
        Write(0, 0),
    ];
    breaks(job(2), &replayed, FENCED);
    breaks(job(2), &replayed, EARNED);
    // The ack is written and its answer lost; before it is sent again, the empty sequence is swept away.
    breaks(
        bounds(1, true, 1, 1),
        &[
            Enqueue(0),
            Look(0),
            Claim(0),
            Begin(0, 0),
            Finish(0, 0, Outcome::Done),
            LoseAnswer(0, 0),
            SweepSequence,
        ],
        ENDS,
    );
    // The answer to the last claim before a shutdown is lost.
    breaks(
        job(2),
        &[
            Enqueue(0),
            Look(0),
            LoseClaim(0),
            CommitLate(1),
            Shutdown(0),
            Leave(0),
            TakeBack(1, 1),
        ],
        NOT_BURNT,
    );
}
