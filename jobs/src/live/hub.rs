//! The streams of a process, and the one loop that feeds them.
//!
//! The loop looks at the table ten times a second while a stream is open. A look finds what its own snapshot shows and the
//! snapshot of the look before did not. So nothing is missed or told twice, also when transactions commit in another order
//! than they began, and when the database was away.

use std::{
    collections::{HashMap, HashSet, VecDeque},
    sync::{Arc, Mutex, MutexGuard, PoisonError, Weak},
    time::Duration,
};

use kazi_platform::{WorkspaceId, database};
use sqlx::PgPool;
use tokio::sync::{broadcast, watch};

use super::{Cursor, LiveError, LiveEvent, Told, store};
use crate::{Context, Work, context::Shared};

/// Events that a client may be behind. One that reads more slowly is cut off, and comes back with its cursor.
const BEHIND: usize = 1_024;
/// Open streams of one member or key in a process.
const STREAMS: usize = 5;
/// A client that was away for longer starts anew.
pub(super) const KEPT_SECONDS: i64 = 3_600;
/// Events that a client gets when it comes back. With more it starts anew.
const CAUGHT_UP: usize = 1_000;
/// Time between two looks at the table.
const PAUSE: Duration = Duration::from_millis(100);
/// Time until the next look after the database has failed.
const RETRY: Duration = Duration::from_secs(1);
/// Time that a new stream waits for the loop.
const PATIENCE: Duration = Duration::from_secs(5);

type Room = broadcast::Sender<Arc<LiveEvent>>;

/// All streams of this process.
#[derive(Clone)]
pub struct Hub(Arc<Streams>);

struct Streams {
    rooms: Mutex<HashMap<WorkspaceId, Room>>,
    /// Open streams by member or key.
    open: Mutex<HashMap<String, usize>>,
    /// Wakes the loop: a stream was opened.
    opened: watch::Sender<()>,
    /// True while the loop looks: it tells what is committed from now on.
    looking: watch::Sender<bool>,
}

fn locked<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Shared for Hub {
    fn start(ctx: &Context) -> Self {
        let (opened, wakes) = watch::channel(());
        let streams = Arc::new(Streams {
            rooms: Mutex::default(),
            open: Mutex::default(),
            opened,
            looking: watch::Sender::new(false),
        });
        tokio::spawn(run(Arc::downgrade(&streams), wakes, ctx.db.clone()));
        Self(streams)
    }
}

/// Ends with the hub.
async fn run(streams: Weak<Streams>, mut wakes: watch::Receiver<()>, db: PgPool) {
    while wakes.changed().await.is_ok() {
        let mut seen = None;
        while let Some(streams) = streams.upgrade()
            && streams.is_wanted()
        {
            let pause = match look(&streams, &db, seen.as_ref()).await {
                Ok(now) => {
                    seen = Some(now);
                    streams.looking.send_replace(true);
                    PAUSE
                }
                Err(error) => {
                    tracing::warn!(%error, "live events could not be read; the next look finds them");
                    RETRY
                }
            };
            drop(streams);
            tokio::time::sleep(pause).await;
        }
    }
}

/// Tells the streams what a look finds that the look before did not find.
async fn look(
    streams: &Streams,
    db: &PgPool,
    seen: Option<&store::Look>,
) -> Result<store::Look, sqlx::Error> {
    // Of the platform: one look is for the streams of all workspaces.
    let mut tx = database::platform(db).await?;
    let now = store::look(&mut tx).await?;
    let Some(seen) = seen else {
        return Ok(now);
    };
    // After the snapshot: a stream that begins later reads what the snapshot shows by itself.
    let rooms: Vec<WorkspaceId> = locked(&streams.rooms).keys().copied().collect();
    let found = store::between(&mut tx, &rooms, seen, &now, BEHIND).await?;
    drop(tx);
    let mut rooms = locked(&streams.rooms);
    for (workspace, events) in found {
        if events.len() > BEHIND {
            // More than its clients can take: their streams end, and they come back.
            rooms.remove(&workspace);
        } else if let Some(room) = rooms.get(&workspace) {
            for event in events {
                // It is an error when nobody listens any more. That is fine.
                let _ = room.send(Arc::new(event));
            }
        }
    }
    drop(rooms);
    Ok(now)
}

impl Streams {
    /// Returns false when the last stream has closed. The loop then sleeps.
    fn is_wanted(&self) -> bool {
        let mut rooms = locked(&self.rooms);
        rooms.retain(|_, room| room.receiver_count() > 0);
        if rooms.is_empty() {
            // Under the lock: a stream that opens now waits for the loop to begin again.
            self.looking.send_replace(false);
        }
        !rooms.is_empty()
    }
}

impl Hub {
    /// Opens a stream of a workspace, from a cursor on or from now on. `who` is the member or the key.
    pub async fn open(
        &self,
        ctx: &Context,
        workspace: WorkspaceId,
        who: String,
        after: Option<Cursor>,
    ) -> Result<Stream, LiveError> {
        let place = self.place(who)?;
        let live = locked(&self.0.rooms)
            .entry(workspace)
            .or_insert_with(|| broadcast::Sender::new(BEHIND))
            .subscribe();
        self.0.opened.send_replace(());
        let mut looking = self.0.looking.subscribe();
        let looks = looking.wait_for(|looking| *looking);
        let looks = tokio::time::timeout(PATIENCE, looks).await;
        let looks = looks.is_ok_and(|looks| looks.is_ok());
        if !looks {
            return Err(LiveError::Unavailable);
        }
        // Now the loop tells all that is committed after this look.
        let mut work = Work::of(ctx, workspace).await?;
        let now = store::look(work.conn()).await?.cursor();
        let mut past = VecDeque::new();
        let mut told = HashSet::new();
        match after {
            None => past.push_back(Told::Begun(now)),
            Some(cursor) => {
                let is_old = now.at - cursor.at > KEPT_SECONDS || cursor.oldest > now.oldest;
                let missed = match is_old {
                    true => Vec::new(),
                    false => store::since(&mut work, cursor, CAUGHT_UP).await?,
                };
                if is_old || missed.len() > CAUGHT_UP {
                    past.push_back(Told::Reset(now));
                } else {
                    told.extend(missed.iter().map(|event| event.id));
                    past.extend(missed.into_iter().map(|event| Told::Event(Arc::new(event))));
                    past.push_back(Told::Begun(now));
                }
            }
        }
        work.rollback().await?;
        Ok(Stream {
            past,
            told,
            live,
            _place: place,
        })
    }

    fn place(&self, who: String) -> Result<Place, LiveError> {
        let mut open = locked(&self.0.open);
        let count = open.entry(who.clone()).or_default();
        if *count >= STREAMS {
            return Err(LiveError::TooMany(STREAMS));
        }
        *count += 1;
        let streams = self.0.clone();
        Ok(Place { who, streams })
    }
}

/// A member's share of open streams.
struct Place {
    who: String,
    streams: Arc<Streams>,
}

impl Drop for Place {
    fn drop(&mut self) {
        let mut open = locked(&self.streams.open);
        if let Some(count) = open.get_mut(&self.who) {
            *count -= 1;
            if *count == 0 {
                open.remove(&self.who);
            }
        }
    }
}

/// The events of a workspace for one client.
pub struct Stream {
    past: VecDeque<Told>,
    /// Events that a look may find again.
    told: HashSet<i64>,
    live: broadcast::Receiver<Arc<LiveEvent>>,
    _place: Place,
}

impl Stream {
    /// The next event. `None`: the stream is over, and the client comes back with its cursor.
    pub async fn next(&mut self) -> Option<Told> {
        if let Some(told) = self.past.pop_front() {
            return Some(told);
        }
        loop {
            // An error: the client is too slow.
            let event = self.live.recv().await.ok()?;
            if !self.told.remove(&event.id) {
                return Some(Told::Event(event));
            }
        }
    }
}
