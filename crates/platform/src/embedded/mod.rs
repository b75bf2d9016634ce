//! A PostgreSQL server of the program's own, for when none is configured.
//!
//! It lives in a folder, listens only on a unix socket in there, and ends with the program: in order when the program
//! ends in order, and through a small watcher (`watch`) when the program is killed. As root it runs as an unprivileged
//! user, since PostgreSQL refuses to run as root.

mod binaries;
mod owner;
mod server;

use std::{
    fs::{self, File},
    io::{Read, Seek, Write},
    path::{Path, PathBuf},
    time::Duration,
};

use binaries::Binaries;
use owner::Owner;
use server::Server;
use sqlx::{Connection, PgConnection};

/// Why the embedded server does not run.
#[derive(Debug, thiserror::Error)]
pub enum EmbeddedError {
    /// Another program has this folder.
    #[error("{} is in use by the program with process number {pid}: stop that one, or use another folder", folder.display())]
    InUse {
        /// The folder.
        folder: PathBuf,
        /// Who has it.
        pid: String,
        /// The address of that program's database, once its server has started.
        url: Option<String>,
    },
    /// No server of PostgreSQL is installed, and none could be fetched.
    #[error(
        "no PostgreSQL server was found and none could be fetched ({0}). Install PostgreSQL 14 to 18, or name the \
         folder of its programs in KAZI_PG_BIN, or a running server in DATABASE_URL"
    )]
    NoBinaries(String),
    /// KAZI_PG_BIN points nowhere.
    #[error("KAZI_PG_BIN={} has no PostgreSQL server of a supported version (14 to 18): it must be the folder that contains postgres and initdb", .0.display())]
    BadBinaries(PathBuf),
    /// The data are of another version.
    #[error(
        "the data in {} were written by PostgreSQL {data}, and only {found} is installed here. Install PostgreSQL {data}, \
         or move the folder away to start with an empty database", folder.display()
    )]
    Version {
        /// The data folder.
        folder: PathBuf,
        /// Of the data.
        data: String,
        /// What there is.
        found: String,
    },
    /// As root there must be somebody else to run the server.
    #[error(
        "PostgreSQL does not run as root, and this machine has neither a user postgres nor nobody: run as another user, or set DATABASE_URL"
    )]
    NoUser,
    /// One of PostgreSQL's programs failed.
    #[error("{program} failed: {output}")]
    Program {
        /// Which.
        program: &'static str,
        /// The end of what it said.
        output: String,
    },
    /// It started and did not answer.
    #[error("PostgreSQL did not start: {0}")]
    DidNotStart(String),
    /// The folder cannot be used.
    #[error("{}: {error}", path.display())]
    Io {
        /// Which file or folder.
        path: PathBuf,
        /// What the system said.
        error: std::io::Error,
    },
}

fn io(path: &Path) -> impl FnOnce(std::io::Error) -> EmbeddedError {
    let path = path.to_owned();
    |error| EmbeddedError::Io { path, error }
}

/// What becomes of the data.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Lifetime {
    /// What was committed survives the program and the machine.
    Kept,
    /// Faster, and gone with the program, folder and all: for tests.
    Temporary,
}

/// A running server. Dropped, it is stopped by its watcher; [`Embedded::stop`] waits for that.
#[derive(Debug)]
pub struct Embedded {
    server: Server,
    url: String,
    sockets: PathBuf,
    /// Held for as long as we have the folder; the system lets go of it when we die.
    _lock: File,
}

const DATABASE: &str = "kazi";

impl Embedded {
    /// Starts a server with its data in `folder`; makes them when there are none, recovers them after a crash.
    ///
    /// # Errors
    /// See [`EmbeddedError`]; each says what to do.
    pub async fn start(folder: &Path, lifetime: Lifetime) -> Result<Self, EmbeddedError> {
        fs::create_dir_all(folder).map_err(io(folder))?;
        let folder = folder.canonicalize().map_err(io(folder))?;
        let mut lock = lock(&folder)?;
        let owner = Owner::of_server()?;
        if lifetime == Lifetime::Temporary {
            // The watcher removes it.
            owner.give(&folder)?;
        }
        let home = owner.home_for(&folder)?;
        let data = home.join("data");
        let binaries = Binaries::for_data(&data).await?;
        // A unix socket's path has at most 107 bytes (sockaddr_un, less on some systems), the socket's name included.
        let sockets = if home.join("run/.s.PGSQL.5432").as_os_str().len() < 100 {
            home.join("run")
        } else {
            std::env::temp_dir().join(format!("kazi-{}", owner::hash(&home)))
        };
        owner.make_folder(&sockets)?;
        server::end_orphan(&data).await;
        if !data.join("PG_VERSION").exists() {
            server::init(&binaries, &owner, &home, &data).await?;
        }
        let server = Server::start(&binaries, &owner, &home, &data, &sockets, lifetime).await?;
        let base = format!("host={}", percent(&sockets));
        create_database(&base)
            .await
            .map_err(|error| EmbeddedError::DidNotStart(error.to_string()))?;
        let url = url(DATABASE, &base);
        // Whoever finds the folder taken can at least connect.
        write!(lock, "\n{url}").map_err(io(&folder))?;
        Ok(Self {
            server,
            url,
            sockets,
            _lock: lock,
        })
    }

    /// The address of the program's database.
    pub fn url(&self) -> &str {
        &self.url
    }

    /// The address of another database of this server.
    pub fn url_of(&self, database: &str) -> String {
        url(database, &format!("host={}", percent(&self.sockets)))
    }

    /// Stops the server and waits for it: open connections are ended, what is committed is on disk.
    pub async fn stop(self) {
        self.server.stop().await;
        // Empty now, and made again at the next start; it may lie in the machine's folder for temporary files.
        let _ = fs::remove_dir(&self.sockets);
    }
}

fn url(database: &str, query: &str) -> String {
    format!("postgres://kazi@localhost/{database}?{query}")
}

fn percent(path: &Path) -> String {
    path.to_string_lossy()
        .bytes()
        .map(|byte| match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'_' | b'.' => {
                char::from(byte).to_string()
            }
            other => format!("%{other:02X}"),
        })
        .collect()
}

async fn create_database(query: &str) -> Result<(), sqlx::Error> {
    let mut conn = PgConnection::connect(&url("postgres", query)).await?;
    let there: bool =
        sqlx::query_scalar("SELECT EXISTS (SELECT FROM pg_database WHERE datname = $1)")
            .bind(DATABASE)
            .fetch_one(&mut conn)
            .await?;
    if !there {
        sqlx::raw_sql("CREATE DATABASE kazi")
            .execute(&mut conn)
            .await?;
    }
    conn.close().await
}

/// Takes the folder for this program. The lock is the system's: it goes with us, however we go.
fn lock(folder: &Path) -> Result<File, EmbeddedError> {
    let path = folder.join("lock");
    let mut file = File::options()
        .create(true)
        .truncate(false)
        .read(true)
        .write(true)
        .open(&path)
        .map_err(io(&path))?;
    if file.try_lock().is_err() {
        let mut who = String::new();
        // Best effort: what cannot be read is not shown.
        let _ = file.read_to_string(&mut who);
        let mut lines = who.lines();
        return Err(EmbeddedError::InUse {
            folder: folder.to_owned(),
            pid: lines.next().unwrap_or_default().to_owned(),
            url: lines.next().map(str::to_owned),
        });
    }
    file.set_len(0)
        .and_then(|()| file.rewind())
        .and_then(|()| write!(file, "{}", std::process::id()))
        .map_err(io(&path))?;
    Ok(file)
}

/// How long to wait for a server to start (recovery after a crash included) or to end.
const PATIENCE: Duration = Duration::from_secs(60);

#[cfg(test)]
#[cfg(feature = "testing")]
mod tests;
