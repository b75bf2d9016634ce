//! What is so at one moment: the tables, the processes' memory, and what only the properties look at.

use super::Bounds;

pub(super) const JOBS: usize = 2;
pub(super) const PROCESSES: usize = 2;
/// No process: `owner IS NULL`.
pub(super) const NOBODY: u8 = 0;

/// `queue.jobs.state`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) enum Live {
    Ready,
    Running,
    Blocked,
}

/// A row of `queue.jobs`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) struct Row {
    pub state: Live,
    pub owner: u8,
    pub lease: u8,
    pub attempt: i8,
    pub cancel: bool,
    /// It has a sequence key.
    pub sequenced: bool,
    /// Not in the table: which of the job's claims this is. Unlike the lease it can never repeat.
    pub claim: u8,
}

/// A job in all tables, and what happened to it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) struct Job {
    pub born: bool,
    pub row: Option<Row>,
    /// Rows of `queue.finished` with state 3 and 5.
    pub done: u8,
    pub cancelled: u8,
    /// The row of `queue.dead`, with the lease it had.
    pub dead: Option<u8>,
    /// Not in the tables: how often it was claimed, and how often before its replay.
    pub claims: u8,
    pub before: u8,
    /// Effects on the world outside, since its replay; two stands for more.
    pub effects: u8,
    /// Runs begun since its replay whose attempt was not given back.
    pub begun: i8,
}

impl Job {
    pub fn ended(&self) -> bool {
        self.born && self.row.is_none()
    }
}

/// A row of `queue.processes`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) struct Seat {
    pub id: u8,
    pub process: u8,
    /// `beat_at` is older than the lease, by the database's clock.
    pub expired: bool,
    /// Its process went in order and could not sign off.
    pub left: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) enum Health {
    Up,
    Frozen,
    Down,
}

/// `run::Why`, in its order.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) enum Stop {
    Not,
    Cancelled,
    LeaseLost,
}

/// `ack::Outcome`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) enum Outcome {
    Done,
    Retry,
    Snooze,
    HandBack,
    Dead,
    Cancelled,
}

impl Outcome {
    pub fn ends(self) -> bool {
        matches!(self, Self::Done | Self::Dead | Self::Cancelled)
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) enum Phase {
    /// Claimed, on its way to a worker: `backend::Slotted`.
    Queued,
    Running,
    /// Its ack waits in `ack_loop`.
    Acking(Outcome),
}

/// A claimed job in a process's memory.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) struct Run {
    pub job: usize,
    pub lease: u8,
    pub attempt: i8,
    pub cancel: bool,
    pub sequenced: bool,
    pub phase: Phase,
    pub stop: Stop,
    pub claim: u8,
    pub began: bool,
}

#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) struct Process {
    pub health: Health,
    /// `Shared::process`.
    pub me: u8,
    /// `Shared::lease_is_over`, by its own clock.
    pub over: bool,
    pub stopping: bool,
    /// The fetcher is between its look at the lease and the claim.
    pub checked: bool,
    /// `Plan::strays`.
    pub strays: bool,
    /// `Shared::in_hand`: the lease of each job.
    pub hands: [Option<u8>; JOBS],
    /// Sorted: their order means nothing.
    pub runs: Vec<Run>,
}

impl Process {
    fn starting(me: u8) -> Self {
        Self {
            health: Health::Up,
            me,
            over: false,
            stopping: false,
            checked: false,
            strays: false,
            hands: [None; JOBS],
            runs: Vec::new(),
        }
    }

    /// One slot: taken until the ack is on its way.
    pub fn free(&self) -> bool {
        self.runs
            .iter()
            .all(|run| matches!(run.phase, Phase::Acking(_)))
    }

    /// `Shared::let_go`, and the run forgotten.
    pub fn let_go(&mut self, at: usize) {
        let run = self.runs.remove(at);
        if self.hands[run.job] == Some(run.lease) {
            self.hands[run.job] = None;
        }
    }
}

/// What must never happen, noted by the step that did it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) struct Sins {
    /// An ack changed a row that was under a later claim.
    pub stale_ack: bool,
    /// A run began in a process that knew its lease to be lost.
    pub blind_start: bool,
    /// A process that left in order left a job whose attempt stays counted.
    pub burnt_attempt: bool,
}

#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) struct State {
    pub jobs: [Job; JOBS],
    /// `queue.sequences.pending` of the one sequence, if it has a row.
    pub pending: Option<u8>,
    pub seats: Vec<Seat>,
    /// Claims that the server still carries out for owners who have lost the connection.
    pub in_flight: Vec<u8>,
    pub processes: [Process; PROCESSES],
    /// The last id given to a seat.
    pub ids: u8,
    /// What may still go wrong.
    pub faults: u8,
    pub sins: Sins,
}

impl State {
    pub fn first(bounds: &Bounds) -> Self {
        let mut state = Self {
            jobs: [Job::default(); JOBS],
            pending: None,
            seats: Vec::new(),
            in_flight: Vec::new(),
            processes: [Process::starting(NOBODY), Process::starting(NOBODY)],
            ids: NOBODY,
            faults: bounds.faults,
            sins: Sins::default(),
        };
        (0..PROCESSES).for_each(|p| state.register(p));
        state
    }

    /// The process's memory is gone, its seat is not.
    pub fn go_down(&mut self, p: usize) {
        let me = self.processes[p].me;
        self.processes[p] = Process::starting(me);
        self.processes[p].health = Health::Down;
    }

    /// `process::register`, of a process that starts.
    pub fn start(&mut self, p: usize) {
        self.processes[p] = Process::starting(NOBODY);
        self.register(p);
    }

    /// `process::register`.
    pub fn register(&mut self, p: usize) {
        self.ids += 1;
        self.processes[p].me = self.ids;
        self.seats.push(Seat {
            id: self.ids,
            process: u8::try_from(p).unwrap(),
            expired: false,
            left: false,
        });
    }

    pub fn seat(&self, id: u8) -> Option<&Seat> {
        self.seats.iter().find(|seat| seat.id == id)
    }

    pub fn seat_mut(&mut self, id: u8) -> Option<&mut Seat> {
        self.seats.iter_mut().find(|seat| seat.id == id)
    }

    /// No process lives behind this seat any more: `process::is_dead`.
    pub fn is_dead(&self, seat: &Seat) -> bool {
        let process = &self.processes[usize::from(seat.process)];
        process.health == Health::Down || process.me != seat.id
    }

    /// Rows that run under this owner.
    pub fn owned_by(&self, owner: u8) -> impl Iterator<Item = (usize, Row)> {
        self.rows()
            .filter(move |(_, row)| row.state == Live::Running && row.owner == owner)
    }

    pub fn rows(&self) -> impl Iterator<Item = (usize, Row)> {
        self.jobs
            .iter()
            .enumerate()
            .filter_map(|(j, job)| Some((j, job.row?)))
    }

    /// What is left of the sequence, in its order.
    pub fn sequence(&self) -> impl Iterator<Item = (usize, Row)> {
        self.rows().filter(|(_, row)| row.sequenced)
    }

    /// The job that a claim takes first.
    pub fn claimable(&self) -> Option<usize> {
        self.rows()
            .find(|(_, row)| row.state == Live::Ready)
            .map(|(j, _)| j)
    }

    /// Forgets what no step and no property asks for any more.
    pub fn trim(&mut self) {
        for (j, job) in self.jobs.iter_mut().enumerate() {
            let in_memory = self
                .processes
                .iter()
                .any(|process| process.runs.iter().any(|run| run.job == j));
            if job.ended() && !in_memory && (job.dead.is_none() || self.faults == 0) {
                job.dead = job.dead.map(|_| 0);
                (job.claims, job.before, job.begun) = (0, 0, 0);
                job.effects = job.effects.min(job.done);
            }
        }
        for process in &mut self.processes {
            process.runs.sort_unstable();
        }
        self.in_flight.sort_unstable();
    }

    /// The state itself or the one with the processes exchanged, the seats numbered anew: which of them it is makes no
    /// difference to anything.
    pub fn representative(&self) -> Self {
        let mut mirrored = self.clone();
        mirrored.processes.reverse();
        for seat in &mut mirrored.seats {
            seat.process = 1 - seat.process;
        }
        self.clone().renumbered().min(mirrored.renumbered())
    }

    fn renumbered(mut self) -> Self {
        self.seats.sort_by_key(|seat| (seat.process, seat.id));
        let mut known = vec![NOBODY];
        let mut number = |id: &mut u8| {
            let at = known
                .iter()
                .position(|other| other == id)
                .unwrap_or_else(|| {
                    known.push(*id);
                    known.len() - 1
                });
            *id = u8::try_from(at).unwrap();
        };
        self.processes.iter_mut().for_each(|p| number(&mut p.me));
        self.seats.iter_mut().for_each(|seat| number(&mut seat.id));
        for row in self.jobs.iter_mut().filter_map(|job| job.row.as_mut()) {
            number(&mut row.owner);
        }
        self.in_flight.iter_mut().for_each(number);
        self.in_flight.sort_unstable();
        self.seats.sort_unstable();
        self.ids = 0;
        self
    }

    /// Nothing is left to be done.
    pub fn settled(&self, bounds: &Bounds) -> bool {
        self.jobs[..bounds.jobs].iter().all(Job::ended)
            && self
                .processes
                .iter()
                .all(|process| process.health != Health::Up || process.runs.is_empty())
    }
}
