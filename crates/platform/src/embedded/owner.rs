//! The user who runs the server: the current user, or an unprivileged user when the program runs as root.

use std::{
    fs,
    os::unix::fs::{DirBuilderExt, MetadataExt, PermissionsExt},
    os::unix::process::CommandExt,
    path::{Path, PathBuf},
    process::{Command, Stdio},
};

use nix::unistd::{Gid, Uid, User, chown};
use sha2::{Digest, Sha256};

use super::{EmbeddedError, io};

/// The user who owns the server's processes and files.
#[derive(Clone, Copy, Debug)]
pub(super) struct Owner {
    /// Set when the program runs as root and the server runs as another user.
    other: Option<(Uid, Gid)>,
}

impl Owner {
    pub fn of_server() -> Result<Self, EmbeddedError> {
        if !Uid::effective().is_root() {
            return Ok(Self { other: None });
        }
        ["postgres", "nobody"]
            .iter()
            .find_map(|name| User::from_name(name).ok().flatten())
            .map(|user| Self {
                other: Some((user.uid, user.gid)),
            })
            .ok_or(EmbeddedError::NoUser)
    }

    /// Returns the folder for the server's files: `folder` itself, or a folder in a public place when the user cannot
    /// enter it, for example below `/root`.
    pub fn home_for(&self, folder: &Path) -> Result<PathBuf, EmbeddedError> {
        let home = self.home_of(folder);
        if home == folder {
            return Ok(home);
        }
        fs::create_dir_all(&home).map_err(io(&home))?;
        if let Some(parent) = home.parent() {
            fs::set_permissions(parent, fs::Permissions::from_mode(0o755)).map_err(io(parent))?;
        }
        let note = folder.join("WHERE");
        fs::write(
            &note,
            format!("The database of this folder is in {}\n", home.display()),
        )
        .map_err(io(&note))?;
        Ok(home)
    }

    /// As [`home_for`](Self::home_for), and makes nothing.
    pub fn home_of(&self, folder: &Path) -> PathBuf {
        match self.can_enter(folder) {
            true => folder.to_owned(),
            false => Path::new("/var/lib/kazi").join(hash(folder)),
        }
    }

    fn can_enter(&self, folder: &Path) -> bool {
        self.other.is_none()
            || self
                .command(Path::new("/bin/sh"))
                .args(["-c", "cd \"$0\""])
                .arg(folder)
                .stdin(Stdio::null())
                .stdout(Stdio::null())
                .stderr(Stdio::null())
                .status()
                .is_ok_and(|status| status.success())
    }

    /// Makes a folder that only this user may enter. A folder that exists already must belong to this user.
    pub fn make_folder(&self, path: &Path) -> Result<(), EmbeddedError> {
        if !path.exists() {
            fs::DirBuilder::new()
                .recursive(true)
                .mode(0o700)
                .create(path)
                .map_err(io(path))?;
            self.give(path)?;
        }
        let wanted = self.other.map_or(Uid::effective(), |(uid, _)| uid);
        let meta = fs::symlink_metadata(path).map_err(io(path))?;
        if !meta.is_dir() || meta.uid() != wanted.as_raw() {
            let error = std::io::Error::other("belongs to somebody else");
            return Err(EmbeddedError::Io {
                path: path.to_owned(),
                error,
            });
        }
        Ok(())
    }

    /// Makes the user the owner of a file or folder.
    pub fn give(&self, path: &Path) -> Result<(), EmbeddedError> {
        match self.other {
            None => Ok(()),
            Some((uid, gid)) => chown(path, Some(uid), Some(gid))
                .map_err(|error| io(path)(std::io::Error::from(error))),
        }
    }

    /// Prepares a command that runs as this user. It has its own process group, so Ctrl-C in the terminal does not
    /// reach it.
    pub fn command(&self, program: &Path) -> Command {
        let mut command = Command::new(program);
        if let Some((uid, gid)) = self.other {
            // `uid` also clears the supplementary groups.
            command.uid(uid.as_raw()).gid(gid.as_raw());
        }
        command.process_group(0).current_dir("/").env("LC_ALL", "C");
        // These variables are meant for other servers.
        for name in [
            "PGDATA",
            "PGHOST",
            "PGPORT",
            "PGUSER",
            "PGDATABASE",
            "PGOPTIONS",
            "PGSERVICE",
        ] {
            command.env_remove(name);
        }
        command
    }
}

/// Returns a short name for a path.
pub(super) fn hash(path: &Path) -> String {
    let digest = Sha256::digest(path.as_os_str().as_encoded_bytes());
    digest
        .iter()
        .take(8)
        .map(|byte| format!("{byte:02x}"))
        .collect()
}
