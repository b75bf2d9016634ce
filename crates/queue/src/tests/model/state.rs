//! The state at one moment: the tables, the memory of the processes, and what only the properties look at.

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
    /// Whether the row has a sequence key.
    pub sequenced: bool,
    /// Which of the job's claims this is. It is not in the table. Unlike the lease it never repeats.
    pub claim: u8,
}

/// A job in all tables, and what happened to it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) struct Job {
    pub born: bool,
    pub row: Option<Row>,
    /// Rows of `queue.finished` that are done and cancelled.
    pub done: u8,
    pub cancelled: u8,
    /// The row of `queue.dead`, with its lease.
    pub dead: Option<u8>,
    /// How often the job was claimed, in all and before its replay. It is not in the tables.
    pub claims: u8,
    pub before: u8,
    /// Effects on the outside world since the replay. Two stands for two or more.
    pub effects: u8,
    /// Runs that began since the replay and whose attempt was not given back.
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
    /// The process ended in order and could not delete its row.
    pub left: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) enum Health {
    Up,
    Frozen,
    Down,
}

/// `loops::stop::Why`, in its order.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) enum Stop {
    Not,
    Cancelled,
    LeaseLost,
}

/// `types::Outcome`.
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
    /// The job is claimed and on its way to a worker: `backend::Slotted`.
    Queued,
    Running,
    /// The ack waits in the ack loop.
    Acking(Outcome),
}

/// A claimed job in the memory of a process.
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
    /// `Shared::lease_is_over`, by the process's own clock.
    pub over: bool,
    pub stopping: bool,
    /// The fetcher is between its check of the lease and the claim.
    pub checked: bool,
    /// The fetcher has a reason to look for strays: `Plan::house_is_due`.
    pub strays: bool,
    /// `Shared::in_hand`: the lease of each job.
    pub hands: [Option<u8>; JOBS],
    /// Sorted, because their order means nothing.
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

    /// Whether the only slot is free. It is taken until the ack is sent.
    pub fn free(&self) -> bool {
        self.runs
            .iter()
            .all(|run| matches!(run.phase, Phase::Acking(_)))
    }

    /// `Shared::let_go`; the run is forgotten.
    pub fn let_go(&mut self, at: usize) {
        let run = self.runs.remove(at);
        if self.hands[run.job] == Some(run.lease) {
            self.hands[run.job] = None;
        }
    }
}

/// Events that must never happen. The step that causes one notes it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) struct Sins {
    /// An ack changed a row that was under a later claim.
    pub stale_ack: bool,
    /// A run began in a process that knew that its lease was lost.
    pub blind_start: bool,
    /// A process ended in order and left a job whose attempt stays counted.
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

    /// `store::process::register`, of a process that starts.
    pub fn start(&mut self, p: usize) {
        self.processes[p] = Process::starting(NOBODY);
        self.register(p);
    }

    /// `store::process::register`.
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
