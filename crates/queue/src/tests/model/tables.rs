//! The statements of the queue: what each does to the tables.

use super::{
    Model,
    state::{Live, NOBODY, Outcome, Row, Run, State},
};

impl Model {
    /// `store::enqueue::rows::insert`.
    pub(super) fn insert(&self, s: &mut State, j: usize) {
        let mut state = Live::Ready;
        if self.bounds.sequence {
            let pending = s.pending.unwrap_or(0) + 1;
            s.pending = Some(pending);
            if pending > 1 {
                state = Live::Blocked;
            }
        }
        s.jobs[j].born = true;
        s.jobs[j].row = Some(Row {
            state,
            owner: NOBODY,
            lease: 0,
            attempt: 0,
            cancel: false,
            sequenced: self.bounds.sequence,
            claim: 0,
        });
    }

    /// `claim::claim`: the row that is answered.
    pub(super) fn claim(&self, s: &mut State, owner: u8) -> Option<(usize, Row)> {
        if self.rules.claim_asks_for_the_seat && s.seat(owner).is_none() {
            return None;
        }
        let j = s.claimable()?;
        let job = &mut s.jobs[j];
        job.claims += 1;
        let row = job.row.as_mut()?;
        row.state = Live::Running;
        row.attempt += 1;
        row.lease += 1;
        row.owner = owner;
        row.claim = job.claims;
        Some((j, *row))
    }

    /// `store::strays::put_back`.
    pub(super) fn put_back_strays(s: &mut State, owner: u8, in_hand: &[Option<u8>]) {
        let strays: Vec<usize> = s.owned_by(owner).map(|(j, _)| j).collect();
        for j in strays {
            if in_hand[j].is_none()
                && let Some(row) = &mut s.jobs[j].row
            {
                row.state = Live::Ready;
                row.owner = NOBODY;
                row.attempt -= 1;
            }
        }
    }

    /// `ack::write` of one ack. False: it is held, to be tried again.
    pub(super) fn write(&self, s: &mut State, ack: Run, outcome: Outcome) -> bool {
        // `ack::end_sequenced` writes only what it finds a sequence row for.
        if outcome.ends() && ack.sequenced && s.pending.is_none() {
            return self.rules.an_ack_without_sequence_is_not_held;
        }
        let Some(row) = &mut s.jobs[ack.job].row else {
            return true;
        };
        if row.state != Live::Running || (self.rules.fence && row.lease != ack.lease) {
            return true;
        }
        s.sins.stale_ack |= row.claim != ack.claim;
        if outcome.ends() {
            Self::end(s, ack.job, outcome);
            return true;
        }
        // `ack::put_back`.
        row.state = Live::Ready;
        row.owner = NOBODY;
        if outcome != Outcome::Retry {
            row.attempt -= 1;
            s.jobs[ack.job].begun -= i8::from(ack.began);
        }
        true
    }

    /// `ack::end` and `ack::promote`.
    fn end(s: &mut State, j: usize, outcome: Outcome) {
        let job = &mut s.jobs[j];
        let Some(row) = job.row.take() else { return };
        match outcome {
            Outcome::Dead => job.dead = Some(row.lease),
            Outcome::Cancelled => job.cancelled += 1,
            _ => job.done += 1,
        }
        if row.sequenced {
            Self::leave(s, row.state != Live::Blocked);
        }
    }

    fn leave(s: &mut State, promote: bool) {
        s.pending = s.pending.map(|pending| pending.saturating_sub(1));
        if promote
            && let Some(next) = s
                .jobs
                .iter_mut()
                .filter_map(|job| job.row.as_mut())
                .find(|row| row.state == Live::Blocked)
        {
            next.state = Live::Ready;
        }
    }

    /// `store::process::take_back`.
    pub(super) fn take_back(&self, s: &mut State, id: u8) {
        let Some(at) = s.seats.iter().position(|seat| seat.id == id) else {
            return;
        };
        let seat = s.seats.remove(at);
        let jobs: Vec<usize> = s.owned_by(id).map(|(j, _)| j).collect();
        for j in jobs {
            s.sins.burnt_attempt |= seat.left;
            let Some(row) = &mut s.jobs[j].row else {
                continue;
            };
            if row.cancel {
                Self::end(s, j, Outcome::Cancelled);
            } else if row.attempt < self.bounds.attempts {
                row.state = Live::Ready;
                row.owner = NOBODY;
                row.lease += 1;
            } else {
                Self::end(s, j, Outcome::Dead);
            }
        }
    }

    /// `inspect::cancel`.
    pub(super) fn cancel(s: &mut State, j: usize) {
        match &mut s.jobs[j].row {
            Some(row) if row.state == Live::Running => row.cancel = true,
            Some(_) => Self::end(s, j, Outcome::Cancelled),
            None => {}
        }
    }

    /// `inspect::retry` of a dead letter: it has no sequence any more.
    pub(super) fn replay(&self, s: &mut State, j: usize) {
        let job = &mut s.jobs[j];
        let Some(lease) = job.dead.take() else { return };
        job.before = job.claims;
        job.effects = 0;
        job.begun = 0;
        job.row = Some(Row {
            state: Live::Ready,
            owner: NOBODY,
            lease: if self.rules.a_replay_keeps_the_lease {
                lease
            } else {
                0
            },
            attempt: 0,
            cancel: false,
            sequenced: false,
            claim: 0,
        });
    }

    /// `store::process::deregister`.
    pub(super) fn deregister(s: &mut State, id: u8) {
        if s.owned_by(id).next().is_none() {
            s.seats.retain(|seat| seat.id != id);
        } else if let Some(seat) = s.seat_mut(id) {
            seat.left = true;
        }
    }
}
