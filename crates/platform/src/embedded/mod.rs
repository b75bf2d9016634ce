//! A PostgreSQL server that the program starts itself when no database is configured.
//!
//! The server keeps its data in one folder, listens only on a unix socket, and ends with the program. When the program
//! is killed, a small watcher process stops the server. When the program runs as root, the server runs as an
//! unprivileged user, because PostgreSQL refuses to run as root.

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

/// The embedded server does not run. The message tells the operator what to do.
#[derive(Debug, thiserror::Error)]
pub enum EmbeddedError {
    /// Another program uses this folder.
    #[error("{} is in use by the program with process number {pid}: stop that one, or use another folder", folder.display())]
    InUse {
        /// The folder with the data.
        folder: PathBuf,
        /// The process id of the other program.
        pid: String,
        /// The URL of the other program's database, once its server has started.
        url: Option<String>,
    },
    /// This machine has no PostgreSQL server, and the download failed.
    #[error(
        "no PostgreSQL server was found and none could be fetched ({0}). Install PostgreSQL 14 to 18, or name the \
         folder of its programs in KAZI_PG_BIN, or a running server in DATABASE_URL"
    )]
    NoBinaries(String),
    /// The folder in `KAZI_PG_BIN` has no PostgreSQL programs.
    #[error("KAZI_PG_BIN={} has no PostgreSQL server of a supported version (14 to 18): it must be the folder that contains postgres and initdb", .0.display())]
    BadBinaries(PathBuf),
    /// Another major version of PostgreSQL wrote the data.
    #[error(
        "the data in {} were written by PostgreSQL {data}, and only {found} is installed here. Install PostgreSQL {data}, \
         or move the folder away to start with an empty database", folder.display()
    )]
    Version {
        /// The folder with the data.
        folder: PathBuf,
        /// The version that wrote the data, like `14`.
        data: String,
        /// The versions that this machine has.
        found: String,
    },
    /// The program runs as root, and this machine has no user who could run the server.
    #[error(
        "PostgreSQL does not run as root, and this machine has neither a user postgres nor nobody: run as another user, or set DATABASE_URL"
    )]
    NoUser,
    /// One of PostgreSQL's programs failed.
    #[error("{program} failed: {output}")]
    Program {
        /// The name of the program, like `initdb`.
        program: &'static str,
        /// The last lines of its output.
        output: String,
    },
    /// The server started and then ended, or did not answer in time. The text is the end of its log.
    #[error("PostgreSQL did not start: {0}")]
    DidNotStart(String),
    /// A file or folder cannot be used.
    #[error("{}: {error}", path.display())]
    Io {
        /// The path of the file or folder.
        path: PathBuf,
        /// The error of the operating system.
        error: std::io::Error,
    },
}

fn io(path: &Path) -> impl FnOnce(std::io::Error) -> EmbeddedError {
    let path = path.to_owned();
    |error| EmbeddedError::Io { path, error }
}

/// Whether the data stay when the program ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Lifetime {
    /// The data stay. Committed data survive a crash of the program and of the machine.
    Kept,
    /// The data are removed with the program. The server is faster and does not survive a crash of the machine. For
    /// tests.
    Temporary,
}

/// A running server. When it is dropped, its watcher stops it in the background. [`Embedded::stop`] waits for the end.
#[derive(Debug)]
pub struct Embedded {
    server: Server,
    url: String,
    sockets: PathBuf,
    /// The lock on the folder. The system releases it when the program ends.
    _lock: File,
}

const DATABASE: &str = "kazi";

impl Embedded {
    /// Starts a server with its data in `folder`. It makes the data when there are none, and recovers them after a
    /// crash.
    ///
    /// # Errors
    /// Another program uses the folder, the machine has no usable PostgreSQL, or the server does not start. See
    /// [`EmbeddedError`].
    pub async fn start(folder: &Path, lifetime: Lifetime) -> Result<Self, EmbeddedError> {
        fs::create_dir_all(folder).map_err(io(folder))?;
        let folder = folder.canonicalize().map_err(io(folder))?;
        let mut lock = lock(&folder)?;
        let owner = Owner::of_server()?;
        if lifetime == Lifetime::Temporary {
            // The watcher runs as this user and removes the folder at the end.
            owner.give(&folder)?;
        }
        let home = owner.home_for(&folder)?;
        let data = home.join("data");
        let binaries = Binaries::for_data(&data).await?;
        // The path of a unix socket has at most 107 bytes (`sockaddr_un`; fewer on some systems), with the name of the
        // socket.
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
        // Another program that finds the folder locked can connect with this URL.
        write!(lock, "\n{url}").map_err(io(&folder))?;
        Ok(Self {
            server,
            url,
            sockets,
            _lock: lock,
        })
    }

    /// Returns true when a folder has the data of a server. It makes nothing.
    ///
    /// # Errors
    /// The program runs as root, and this machine has no user who could run the server.
    pub fn has_data(folder: &Path) -> Result<bool, EmbeddedError> {
        let Ok(folder) = folder.canonicalize() else {
            return Ok(false);
        };
        let owner = Owner::of_server()?;
        Ok(owner.home_of(&folder).join("data/PG_VERSION").exists())
    }

    /// Returns the URL of the program's database.
    pub fn url(&self) -> &str {
        &self.url
    }

    /// Returns the URL of another database on this server.
    pub fn url_of(&self, database: &str) -> String {
        url(database, &format!("host={}", percent(&self.sockets)))
    }

    /// Stops the server and waits for its end. The server ends open connections and writes committed data to the disk.
    pub async fn stop(self) {
        self.server.stop().await;
        // The folder is empty now, and the next start makes it again. It may be in the machine's folder for temporary
        // files.
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

/// Locks the folder for this program. The system releases the lock when the program ends, however it ends.
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
        // The process id is only shown to the operator, so a failure to read it does not matter.
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

/// The longest wait for a server to start, with recovery after a crash, or to end.
const PATIENCE: Duration = Duration::from_secs(60);

#[cfg(test)]
#[cfg(feature = "testing")]
mod tests;
