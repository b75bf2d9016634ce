//! What can happen next, and what it does. Each step is one that other steps can come between.

use super::{
    Model,
    state::{Health, JOBS, Outcome, PROCESSES, Phase, Run, State, Stop},
};

/// A process by its place, a run by its place in it, a job by its place.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Step {
    // Progress: what a working system does sooner or later.
    Enqueue(usize),
    Look(usize),
    Claim(usize),
    PutBackStrays(usize),
    Begin(usize, usize),
    Finish(usize, usize, Outcome),
    /// A run ends because it was told to.
    Abort(usize, usize),
    /// A run ends because the deadline of the shutdown is over: that outranks a cancel, which the row remembers.
    HandBack(usize, usize),
    Write(usize, usize),
    Beat(usize),
    TakeBack(usize, u8),
    SweepSequence,
    /// The server carries out a claim whose client has lost the connection.
    CommitLate(u8),
    /// A frozen process's lease runs out.
    TimePasses(usize),
    Leave(usize),
    Restart(usize),

    // Chance: may or may not happen, and costs nothing.
    Thaw(usize),
    /// A process that has not reached the database for a lease is overdue by its clock as well.
    Expire(usize),

    // Faults, and what people do: each uses up one of the bounds' faults.
    LoseClaim(usize),
    LoseAnswer(usize, usize),
    SnoozeRun(usize, usize),
    Freeze(usize),
    Die(usize),
    /// Heartbeats do not arrive for as long as the lease.
    Stall(usize),
    /// The database's clock jumps past the lease.
    ClockJump(usize),
    Shutdown(usize),
    Cancel(usize),
    Replay(usize),
}

impl Step {
    pub fn is_progress(self) -> bool {
        !matches!(self, Self::Thaw(_) | Self::Expire(_)) && !self.is_fault()
    }

    fn is_fault(self) -> bool {
        matches!(
            self,
            Self::LoseClaim(_)
                | Self::LoseAnswer(..)
                | Self::SnoozeRun(..)
                | Self::Freeze(_)
                | Self::Die(_)
                | Self::Stall(_)
                | Self::ClockJump(_)
                | Self::Shutdown(_)
                | Self::Cancel(_)
                | Self::Replay(_)
        )
    }
}

impl Model {
    /// Every step that can be taken; one that changes nothing is none.
    pub(super) fn possible(&self, s: &State, steps: &mut Vec<Step>) {
        if let Some(next) = s.jobs[..self.bounds.jobs].iter().position(|job| !job.born) {
            steps.push(Step::Enqueue(next));
        }
        if s.pending == Some(0) {
            steps.push(Step::SweepSequence);
        }
        steps.extend(s.in_flight.iter().map(|owner| Step::CommitLate(*owner)));
        for p in 0..PROCESSES {
            match s.processes[p].health {
                Health::Up => self.possible_up(s, p, steps),
                Health::Frozen => {
                    steps.extend([Step::Thaw(p), Step::TimePasses(p)]);
                }
                Health::Down => steps.push(Step::Restart(p)),
            }
        }
        if s.faults > 0 {
            Self::possible_faults(s, steps);
        }
    }

    fn possible_up(&self, s: &State, p: usize, steps: &mut Vec<Step>) {
        let me = &s.processes[p];
        let stray = s.owned_by(me.me).any(|(j, _)| me.hands[j].is_none());
        let fetches = !me.stopping && !me.checked && me.free() && !me.over;
        if fetches && (me.strays || (self.rules.strays_are_swept && stray)) {
            steps.push(Step::PutBackStrays(p));
        }
        // A look that will find nothing changes nothing.
        let may_claim = !self.rules.claim_asks_for_the_seat || s.seat(me.me).is_some();
        if fetches && !me.strays && may_claim && s.claimable().is_some() {
            steps.push(Step::Look(p));
        }
        if me.checked {
            steps.push(Step::Claim(p));
        }
        for (at, run) in me.runs.iter().enumerate() {
            match run.phase {
                Phase::Queued => steps.push(Step::Begin(p, at)),
                Phase::Running => {
                    steps.push(Step::Finish(p, at, Outcome::Done));
                    steps.push(Step::Finish(p, at, Outcome::Retry));
                    if run.stop != Stop::Not {
                        steps.push(Step::Abort(p, at));
                    }
                    if me.stopping && run.stop != Stop::LeaseLost {
                        steps.push(Step::HandBack(p, at));
                    }
                }
                Phase::Acking(_) => steps.push(Step::Write(p, at)),
            }
        }
        steps.push(Step::Beat(p));
        for seat in &s.seats {
            if seat.id != me.me && (seat.expired || s.is_dead(seat)) {
                steps.push(Step::TakeBack(p, seat.id));
            }
        }
        if me.over && s.seat(me.me).is_some_and(|seat| !seat.expired) {
            steps.push(Step::Expire(p));
        }
        if me.stopping && !me.checked && me.runs.is_empty() {
            steps.push(Step::Leave(p));
        }
    }

    fn possible_faults(s: &State, steps: &mut Vec<Step>) {
        for (p, process) in s.processes.iter().enumerate() {
            if process.health == Health::Up {
                if process.checked && s.claimable().is_some() {
                    steps.push(Step::LoseClaim(p));
                }
                for (at, run) in process.runs.iter().enumerate() {
                    match run.phase {
                        Phase::Queued => {}
                        Phase::Running => steps.push(Step::SnoozeRun(p, at)),
                        Phase::Acking(_) => steps.push(Step::LoseAnswer(p, at)),
                    }
                }
                // Not all at once: somebody has to go on.
                if s.processes.iter().all(|p| p.health != Health::Frozen) {
                    steps.push(Step::Freeze(p));
                }
                if !process.over {
                    steps.push(Step::Stall(p));
                }
                if s.seat(process.me).is_some_and(|seat| !seat.expired) {
                    steps.push(Step::ClockJump(p));
                }
                if !process.stopping {
                    steps.push(Step::Shutdown(p));
                }
            }
            if process.health != Health::Down {
                steps.push(Step::Die(p));
            }
        }
        for j in 0..JOBS {
            if s.jobs[j].row.is_some_and(|row| !row.cancel) {
                steps.push(Step::Cancel(j));
            }
            if s.jobs[j].dead.is_some() {
                steps.push(Step::Replay(j));
            }
        }
    }

    pub(super) fn take(&self, s: &mut State, step: Step) {
        s.faults -= u8::from(step.is_fault());
        match step {
            Step::Enqueue(j) => self.insert(s, j),
            // `fetch::look`, as far as its question for the lease.
            Step::Look(p) => s.processes[p].checked = true,
            Step::Claim(p) => self.claim_and_hand_over(s, p),
            Step::LoseClaim(p) => {
                s.in_flight.push(s.processes[p].me);
                s.processes[p].checked = false;
                s.processes[p].strays = !self.rules.strays_are_swept;
            }
            Step::CommitLate(owner) => {
                if let Some(at) = s.in_flight.iter().position(|other| *other == owner) {
                    s.in_flight.remove(at);
                }
                self.claim(s, owner);
            }
            Step::PutBackStrays(p) => {
                s.processes[p].strays = false;
                let (me, hands) = (s.processes[p].me, s.processes[p].hands);
                Self::put_back_strays(s, me, &hands);
            }
            Step::Begin(p, at) => self.begin(s, p, at),
            Step::Finish(p, at, outcome) => self.finish(s, p, at, outcome),
            Step::SnoozeRun(p, at) => self.finish(s, p, at, Outcome::Snooze),
            // `run::stopped`.
            Step::Abort(p, at) if s.processes[p].runs[at].stop == Stop::LeaseLost => {
                s.processes[p].let_go(at);
            }
            Step::Abort(p, at) => {
                s.processes[p].runs[at].phase = Phase::Acking(Outcome::Cancelled);
            }
            Step::HandBack(p, at) => {
                s.processes[p].runs[at].phase = Phase::Acking(Outcome::HandBack);
            }
            Step::Write(p, at) | Step::LoseAnswer(p, at) => {
                let run = s.processes[p].runs[at];
                if let Phase::Acking(outcome) = run.phase {
                    let written = self.write(s, run, outcome);
                    // `ack_loop::write`: without an answer the ack stays in hand.
                    if written && matches!(step, Step::Write(..)) {
                        s.processes[p].let_go(at);
                    }
                }
            }
            Step::Beat(p) => Self::beat(s, p),
            Step::TakeBack(_, seat) => self.take_back(s, seat),
            // `upkeep::once`.
            Step::SweepSequence => s.pending = None,
            Step::TimePasses(p) | Step::ClockJump(p) | Step::Expire(p) => {
                s.processes[p].over |= matches!(step, Step::TimePasses(_));
                let me = s.processes[p].me;
                if let Some(seat) = s.seat_mut(me) {
                    seat.expired = true;
                }
            }
            Step::Stall(p) => s.processes[p].over = true,
            Step::Freeze(p) => s.processes[p].health = Health::Frozen,
            Step::Thaw(p) => s.processes[p].health = Health::Up,
            Step::Shutdown(p) => s.processes[p].stopping = true,
            Step::Die(p) => s.go_down(p),
            Step::Leave(p) => {
                let me = s.processes[p].me;
                if self.rules.leaving_puts_strays_back {
                    Self::put_back_strays(s, me, &[None; JOBS]);
                }
                Self::deregister(s, me);
                s.go_down(p);
            }
            Step::Restart(p) => s.start(p),
            Step::Cancel(j) => Self::cancel(s, j),
            Step::Replay(j) => self.replay(s, j),
        }
        s.trim();
    }

    /// `fetch::look` from the claim on, and `fetch::hand_over`.
    fn claim_and_hand_over(&self, s: &mut State, p: usize) {
        s.processes[p].checked = false;
        let Some((job, row)) = self.claim(s, s.processes[p].me) else {
            return;
        };
        s.processes[p].hands[job] = Some(row.lease);
        s.processes[p].runs.push(Run {
            job,
            lease: row.lease,
            attempt: row.attempt,
            cancel: row.cancel,
            sequenced: row.sequenced,
            phase: Phase::Queued,
            stop: Stop::Not,
            claim: row.claim,
            began: false,
        });
    }

    /// `engine::execute`, until the run has begun.
    fn begin(&self, s: &mut State, p: usize, at: usize) {
        let process = &mut s.processes[p];
        let run = &mut process.runs[at];
        if process.over || (self.rules.a_stop_is_seen_first && run.stop == Stop::LeaseLost) {
            process.let_go(at);
        } else if process.stopping {
            run.phase = Phase::Acking(Outcome::HandBack);
        } else if run.cancel {
            run.phase = Phase::Acking(Outcome::Cancelled);
        } else {
            s.sins.blind_start |= run.stop == Stop::LeaseLost;
            run.phase = Phase::Running;
            run.began = true;
            let job = &mut s.jobs[run.job];
            job.begun += i8::from(run.claim > job.before);
        }
    }

    /// `run::decide`. A run that is done has had its effect; what comes between it and the ack makes it happen twice.
    fn finish(&self, s: &mut State, p: usize, at: usize, outcome: Outcome) {
        let run = &mut s.processes[p].runs[at];
        let job = &mut s.jobs[run.job];
        if outcome == Outcome::Done && run.claim > job.before {
            job.effects = (job.effects + 1).min(2);
        }
        run.phase = Phase::Acking(match outcome {
            Outcome::Retry if run.attempt >= self.bounds.attempts => Outcome::Dead,
            other => other,
        });
    }

    /// `heartbeat::beat`, without the reaping.
    fn beat(s: &mut State, p: usize) {
        let me = s.processes[p].me;
        let cancelled: Vec<usize> = s
            .owned_by(me)
            .filter(|(_, row)| row.cancel)
            .map(|(j, _)| j)
            .collect();
        let alive = s.seat_mut(me).map(|seat| seat.expired = false).is_some();
        let process = &mut s.processes[p];
        process.over = false;
        for run in &mut process.runs {
            let held = process.hands[run.job] == Some(run.lease);
            let why = match alive {
                true if cancelled.contains(&run.job) => Stop::Cancelled,
                true => Stop::Not,
                false => Stop::LeaseLost,
            };
            if held && !matches!(run.phase, Phase::Acking(_)) {
                run.stop = run.stop.max(why);
            }
        }
        if !alive {
            s.register(p);
        }
    }
}
