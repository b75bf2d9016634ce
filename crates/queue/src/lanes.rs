//! Lanes: their limits, their parking, and what an operator has stopped.
//!
//! A lane is `(pool, name)`. By default its name is the tenant; messages use the sending number. Lanes take turns, so one
//! tenant's million jobs delay another's next job by one round. A lane may have a rate (the generic cell rate algorithm,
//! ITU-T I.371: so many a second, so many at once) and a limit of jobs that run at once, and it may be parked until a
//! time. The statement that claims decides all of this, so it holds across processes.

pub use crate::{
    store::{
        lanes::{LaneView, list, park, set, some, unpark},
        pauses::{Scope, pause, pauses, resume},
    },
    types::{LimitError, Limits},
};
