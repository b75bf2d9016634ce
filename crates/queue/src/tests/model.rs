//! The model check: the life of a job as a small state machine, in which everything that can go wrong goes wrong at
//! every moment, explored to its end with `stateright`.
//!
//! # What is modelled
//! One job or two (apart, or of one sequence), two processes with one slot each, the tables, and a lease that runs out by
//! the process's clock and by the database's. [`tables`] has the statements, [`steps`] what a process does between them;
//! each names the function that it mirrors. A step is what is one transaction in the database or runs without an `await`
//! in a process; whatever can come between two of them does. Faults cost one each of a budget: a claim that commits after
//! its connection is lost, an ack whose answer is lost (and which is sent again), SIGSTOP, death, heartbeats that do not
//! arrive, a jump of the database's clock, a shutdown, a snooze, a cancel, a replay. Acks are delayed for free: any step
//! may come before them. Not modelled: due times and backoff (a waiting job is a ready one that nobody has looked for
//! yet), priorities, unique keys, `sequence_first`, a sequence row locked by an open transaction (a delayed ack).
//!
//! # What holds
//! The properties are the constants below. All but one are invariants. That every job ends is shown by two checks
//! together: where no step of progress can be taken, every job has ended and no living process has anything in hand
//! ([`ENDS`]); and no path comes back to a state that it left, so every path gets there ([`every_path_comes_to_an_end`],
//! within smaller bounds). stateright's own `eventually` is not used: it can overlook a counterexample where two paths
//! meet. States are told apart by a hash of 64 bits, and those that differ only by which process is which count as one.
//!
//! # What is needed for it
//! Each of [`Rules`] is needed: without it the check finds a path that breaks a property ([`each_rule_is_needed`]). With
//! the fence off, that is an ack of a frozen process which ends the run of another one, and with it two of a sequence at
//! a time. Six of the rules were missing when the model was
//! written; it found them.

mod state;
mod steps;
mod tables;

use std::collections::HashMap;

use stateright::{Checker, HasDiscoveries, Property};

use state::{Health, Live, Phase, State, Stop};
use steps::Step;

#[derive(Clone, Copy, Debug)]
struct Rules {
    /// `store::put_back` and `store::end` compare the lease number.
    fence: bool,
    /// A replayed dead letter keeps its lease number. See `store::dead::retry`.
    a_replay_keeps_the_lease: bool,
    /// A claim takes nothing for a process whose row is gone. See `store::claim`.
    claim_asks_for_the_seat: bool,
    /// The fetcher looks again and again for rows under the own lease that are not in hand. See `fetch::keep_house`.
    strays_are_swept: bool,
    /// A run that was told to stop before it began does not begin. See `loops::run`.
    a_stop_is_seen_first: bool,
    /// An ack whose sequence has no row is written. See `store::sequences::end_sequenced`.
    an_ack_without_sequence_is_not_held: bool,
    /// A process that leaves puts its strays back. See `Engine::shutdown`.
    leaving_puts_strays_back: bool,
}

impl Rules {
    /// The rules that the queue must keep.
    const ALL: Self = Self {
        fence: true,
        a_replay_keeps_the_lease: true,
        claim_asks_for_the_seat: true,
        strays_are_swept: true,
        a_stop_is_seen_first: true,
        an_ack_without_sequence_is_not_held: true,
        leaving_puts_strays_back: true,
    };
}

#[derive(Clone, Copy, Debug)]
struct Bounds {
    jobs: usize,
    /// Whether the jobs are in one sequence.
    sequence: bool,
    /// `max_attempts`.
    attempts: i8,
    /// How many faults may happen.
    faults: u8,
}

#[derive(Clone, Copy, Debug)]
struct Model {
    rules: Rules,
    bounds: Bounds,
}

impl stateright::Model for Model {
    type State = State;
    type Action = Step;

    fn init_states(&self) -> Vec<State> {
        vec![State::first(&self.bounds)]
    }

    fn actions(&self, state: &State, steps: &mut Vec<Step>) {
        self.possible(state, steps);
    }

    fn next_state(&self, last: &State, step: Step) -> Option<State> {
        let mut next = last.clone();
        self.take(&mut next, step);
        (next != *last).then_some(next)
    }

    fn properties(&self) -> Vec<Property<Self>> {
        vec![
            Property::always(ONE_PLACE, |_, s: &State| {
                s.jobs.iter().all(|job| {
                    let places = u8::from(job.row.is_some())
                        + job.done
                        + job.cancelled
                        + u8::from(job.dead.is_some());
                    places == u8::from(job.born)
                })
            }),
            Property::always(FENCED, |_, s: &State| !s.sins.stale_ack),
            Property::always(COUNTED, |m: &Self, s: &State| {
                s.rows().all(|(j, row)| {
                    let begun = s.jobs[j].begun;
                    0 <= begun && begun <= row.attempt && row.attempt <= m.bounds.attempts
                })
            }),
            Property::always(ORDERED, |_, s: &State| {
                let pending = s.sequence().count();
                let one_goes = s
                    .sequence()
                    .enumerate()
                    .all(|(at, (_, row))| (at == 0) == (row.state != Live::Blocked));
                one_goes
                    && usize::from(s.pending.unwrap_or(0)) == pending
                    && running_under_lease(s) <= 1
            }),
            Property::always(EARNED, |_, s: &State| {
                s.jobs.iter().all(|job| job.done == 0 || job.effects > 0)
            }),
            Property::always(NOT_BLIND, |_, s: &State| !s.sins.blind_start),
            Property::always(NOT_BURNT, |_, s: &State| !s.sins.burnt_attempt),
            Property::always(ENDS, |m: &Self, s: &State| {
                m.goes_on(s) || s.settled(&m.bounds)
            }),
            Property::sometimes(TWICE, |_, s: &State| {
                s.jobs.iter().any(|job| job.effects > 1)
            }),
        ]
    }
}

const ONE_PLACE: &str = "a job is in one table: it ends once and is never lost";
const FENCED: &str = "an ack under an old lease changes nothing";
const COUNTED: &str = "every run was counted at its claim, and there are no more than max_attempts";
const ORDERED: &str = "jobs of one sequence run one at a time and in order";
const EARNED: &str = "a job is done only when a run of it was";
const NOT_BLIND: &str = "a process that knows its lease to be lost begins nothing";
const NOT_BURNT: &str = "a process that leaves in order costs no attempt";
const ENDS: &str = "where nothing goes on, every job has ended and no hand is full";
const TWICE: &str = "an effect happens twice";

/// Jobs of the sequence whose latest claim runs in a process whose lease holds.
fn running_under_lease(s: &State) -> usize {
    s.processes
        .iter()
        .filter(|p| {
            p.health == Health::Up && !p.over && s.seat(p.me).is_some_and(|seat| !seat.expired)
        })
        .flat_map(|p| &p.runs)
        .filter(|run| {
            run.sequenced
                && run.phase == Phase::Running
                && run.stop != Stop::LeaseLost
                && run.claim == s.jobs[run.job].claims
        })
        .count()
}

impl Model {
    /// Some step of progress is possible. A working system takes it sooner or later.
    fn goes_on(&self, s: &State) -> bool {
        let mut steps = Vec::new();
        self.possible(s, &mut steps);
        steps.into_iter().any(|step| {
            step.is_progress() && stateright::Model::next_state(self, s, step).is_some()
        })
    }
}

fn bounds(jobs: usize, sequence: bool, attempts: i8, faults: u8) -> Bounds {
    Bounds {
        jobs,
        sequence,
        attempts,
        faults,
    }
}

/// Explores everything. `least` makes sure that the model does not shrink unnoticed.
fn holds(bounds: Bounds, least: usize) {
    let rules = Rules::ALL;
    let checker = stateright::Model::checker(Model { rules, bounds })
        .threads(2)
        .symmetry_fn(State::representative)
        .spawn_dfs()
        .join();
    for (name, path) in checker.discoveries() {
        assert_eq!(name, TWICE, "broken by {:?}", path.into_actions());
    }
    let states = checker.unique_state_count();
    assert!(states >= least, "only {states} states with {bounds:?}");
}

// 275,387 states, 4 s in a debug build on two cores.
#[test]
fn p03_the_rules_hold_for_a_job_with_three_faults() {
    holds(bounds(1, false, 2, 3), 250_000);
}

// 264,722 states, 4 s.
#[test]
fn p09_the_rules_hold_for_a_sequence_with_two_faults() {
    holds(bounds(2, true, 2, 2), 250_000);
}

// 79,605 states, 2 s.
#[test]
fn p02_the_rules_hold_for_two_jobs_with_two_faults() {
    holds(bounds(2, false, 1, 2), 70_000);
}

/// The queue promises at least once and no more. The ledger of effects is for the rest.
#[test]
fn p02_an_effect_can_happen_twice() {
    finds(Rules::ALL, bounds(1, false, 2, 1), TWICE);
}

fn finds(rules: Rules, bounds: Bounds, property: &'static str) {
    let checker = stateright::Model::checker(Model { rules, bounds })
        .finish_when(HasDiscoveries::AllOf([property].into()))
        .spawn_bfs()
        .join();
    let others: Vec<_> = checker
        .discoveries()
        .into_iter()
        .map(|(name, path)| (name, path.into_actions()))
        .collect();
    assert!(
        checker.discovery(property).is_some(),
        "{rules:?} with {bounds:?} must break {property:?}; found {others:?}"
    );
}

#[test]
fn each_rule_is_needed() {
    let (one, poison) = (bounds(1, false, 2, 1), bounds(1, false, 1, 2));
    let (sequence, sequence_of_one) = (bounds(2, true, 2, 1), bounds(1, true, 1, 1));
    let off = |without: fn(&mut Rules)| {
        let mut rules = Rules::ALL;
        without(&mut rules);
        rules
    };
    let unfenced = off(|rules| rules.fence = false);
    finds(unfenced, one, FENCED);
    finds(unfenced, one, COUNTED);
    finds(unfenced, poison, EARNED);
    finds(unfenced, sequence, ORDERED);
    finds(off(|r| r.a_replay_keeps_the_lease = false), poison, FENCED);
    finds(off(|r| r.a_replay_keeps_the_lease = false), poison, EARNED);
    finds(off(|r| r.claim_asks_for_the_seat = false), one, ENDS);
    finds(off(|r| r.strays_are_swept = false), one, ENDS);
    finds(off(|r| r.a_stop_is_seen_first = false), one, NOT_BLIND);
    finds(
        off(|r| r.an_ack_without_sequence_is_not_held = false),
        sequence_of_one,
        ENDS,
    );
    finds(
        off(|r| r.leaving_puts_strays_back = false),
        poison,
        NOT_BURNT,
    );
}

/// No state is reached from itself: with a limited number of faults every path ends.
#[test]
fn every_path_comes_to_an_end() {
    for bounds in [bounds(1, false, 2, 1), bounds(2, true, 1, 1)] {
        let model = Model {
            rules: Rules::ALL,
            bounds,
        };
        // True while the successors of the state are still being followed.
        let mut seen: HashMap<State, bool> = HashMap::new();
        let mut path = vec![(None, stateright::Model::init_states(&model))];
        while let Some((_, next)) = path.last_mut() {
            let Some(state) = next.pop() else {
                if let Some((Some(left), _)) = path.pop() {
                    seen.insert(left, false);
                }
                continue;
            };
            match seen.get(&state) {
                Some(followed) => assert!(!followed, "a circle through {state:?}"),
                None => {
                    seen.insert(state.clone(), true);
                    let next = stateright::Model::next_states(&model, &state);
                    path.push((Some(state), next));
                }
            }
        }
        assert!(seen.len() > 1_000, "only {} states", seen.len());
    }
}
