//! The files themselves: a folder, or a bucket that speaks S3.

use std::{
    fs,
    ops::Range,
    path::{Path as Folder, PathBuf},
    sync::Arc,
    time::Duration,
};

use bytes::Bytes;
use chrono::{DateTime, Utc};
use futures_util::{
    Stream, StreamExt, TryStreamExt,
    stream::{self, BoxStream},
};
use kazi_platform::{WorkspaceId, egress::GuardedClient};
use object_store::{
    ClientOptions, GetOptions, GetRange, ObjectStore, ObjectStoreExt, PutPayload, WriteMultipart,
    aws::AmazonS3Builder, local::LocalFileSystem, path::Path, prefix::PrefixStore,
};
use secrecy::ExposeSecret;
use sha2::{Digest, Sha256};

use super::sniff::HEAD_BYTES;
use crate::{
    Context,
    context::{MediaSettings, Shared},
};

/// A smaller file is written with one request.
const WHOLE_BYTES: usize = 5 * 1024 * 1024;
/// Time-out of one request to a bucket: a part has 5 MB.
const REQUEST_TIME_OUT: Duration = Duration::from_secs(60);
/// Files that are deleted at once.
const AT_ONCE: usize = 8;

/// The files, and the client that fetches them from providers.
#[derive(Clone)]
pub struct Files {
    /// Or why there is none.
    place: Result<Arc<dyn ObjectStore>, String>,
    /// `None`: a bucket.
    folder: Option<PathBuf>,
    pub(super) guarded: Option<GuardedClient>,
}

/// A file that was written.
#[derive(Debug)]
pub struct Written {
    pub bytes: u64,
    pub sha256: [u8; 32],
    /// Its first bytes.
    pub head: Vec<u8>,
}

/// Why a file was not written. Nothing of it is left.
#[derive(Debug)]
pub enum Unwritten {
    /// It has more bytes than it may.
    TooLarge,
    Empty,
    /// Its source ended too early.
    Source(String),
    /// The folder or the bucket does not work.
    Place(String),
}

impl Shared for Files {
    fn start(ctx: &Context) -> Self {
        let settings = &ctx.providers.media;
        Self {
            place: open(settings),
            folder: settings.bucket.is_none().then(|| settings.folder.clone()),
            guarded: kazi_platform::egress::guarded_client()
                .inspect_err(|error| tracing::error!(%error, "no client for files of providers"))
                .ok(),
        }
    }
}

impl Context {
    /// The files of messages.
    pub fn files(&self) -> Files {
        self.shared()
    }
}

fn open(settings: &MediaSettings) -> Result<Arc<dyn ObjectStore>, String> {
    let Some(bucket) = &settings.bucket else {
        return folder(&settings.folder).map_err(|error| {
            let path = settings.folder.display();
            format!("media.folder {path}: {error}")
        });
    };
    let plain = bucket.endpoint.starts_with("http://");
    let options = ClientOptions::new()
        .with_timeout(REQUEST_TIME_OUT)
        .with_allow_http(plain);
    let mut builder = AmazonS3Builder::new()
        .with_bucket_name(&bucket.name)
        .with_region(&bucket.region)
        .with_access_key_id(&bucket.access_key)
        .with_secret_access_key(bucket.secret_key.expose_secret())
        .with_client_options(options);
    if !bucket.endpoint.is_empty() {
        builder = builder.with_endpoint(&bucket.endpoint);
    }
    let store = builder
        .build()
        .map_err(|error| format!("media.s3: {error}"))?;
    Ok(match bucket.prefix.trim_matches('/') {
        "" => Arc::new(store),
        prefix => Arc::new(PrefixStore::new(store, prefix)),
    })
}

fn folder(path: &Folder) -> Result<Arc<dyn ObjectStore>, Box<dyn std::error::Error>> {
    fs::create_dir_all(path)?;
    // A row that says `stored` must not outlive its file in a power cut: each file and its name are on the disk before
    // the row is.
    let store = LocalFileSystem::new_with_prefix(path)?
        .with_fsync(true)
        .with_automatic_cleanup(true);
    Ok(Arc::new(store))
}

/// A new key: random, so that nobody can guess it, in the workspace's own folder.
pub(super) fn new_key(workspace: WorkspaceId) -> String {
    let random: [u8; 16] = rand::random();
    format!("{workspace}/{}", hex::encode(random))
}

/// Says whether a key is one of [`new_key`].
pub(super) fn is_key(key: &str) -> bool {
    let hex = |text: &str| text.len() == 32 && text.bytes().all(|b| b.is_ascii_hexdigit());
    key.split_once('/')
        .is_some_and(|(workspace, random)| workspace.parse::<WorkspaceId>().is_ok() && hex(random))
}

impl Files {
    /// Says whether files can be kept.
    ///
    /// # Errors
    /// The configured folder or bucket cannot be used.
    pub fn check(&self) -> Result<(), String> {
        self.place().map(drop)
    }

    fn place(&self) -> Result<&Arc<dyn ObjectStore>, String> {
        self.place.as_ref().map_err(String::clone)
    }

    /// Writes a file of at most `limit` bytes under a key, in place of an earlier one. It reads no more than that. When
    /// it returns, the file is on the disk or in the bucket.
    pub(super) async fn write<E: std::fmt::Display>(
        &self,
        key: &str,
        limit: u64,
        source: impl Stream<Item = Result<Bytes, E>>,
    ) -> Result<Written, Unwritten> {
        let place = self.place().map_err(Unwritten::Place)?;
        let fault = |error: object_store::Error| Unwritten::Place(error.to_string());
        let path = Path::parse(key).map_err(|error| Unwritten::Place(error.to_string()))?;
        let mut source = std::pin::pin!(source);
        let mut upload = Upload {
            place,
            path: &path,
            start: Vec::new(),
            rest: None,
        };
        let mut hash = Sha256::new();
        let mut written = Written {
            bytes: 0,
            sha256: [0; 32],
            head: Vec::new(),
        };
        let ended = loop {
            let part = match source.next().await {
                Some(Ok(part)) => part,
                Some(Err(error)) => break Err(Unwritten::Source(error.to_string())),
                None if written.bytes == 0 => break Err(Unwritten::Empty),
                None => break Ok(()),
            };
            written.bytes += part.len() as u64;
            if written.bytes > limit {
                break Err(Unwritten::TooLarge);
            }
            let missing = HEAD_BYTES.saturating_sub(written.head.len());
            written.head.extend(part.iter().take(missing));
            hash.update(&part);
            if let Err(error) = upload.add(part).await {
                break Err(fault(error));
            }
        };
        match ended {
            Ok(()) => upload.finish().await.map_err(fault)?,
            Err(why) => {
                upload.abort().await;
                return Err(why);
            }
        }
        written.sha256 = hash.finalize().into();
        Ok(written)
    }

    /// Reads a file, or a part of it.
    ///
    /// # Errors
    /// The file is not there, or the folder or the bucket does not work.
    pub async fn read(
        &self,
        key: &str,
        range: Option<Range<u64>>,
    ) -> Result<BoxStream<'static, object_store::Result<Bytes>>, String> {
        let path = Path::parse(key).map_err(|error| error.to_string())?;
        let options = GetOptions {
            range: range.map(GetRange::Bounded),
            ..GetOptions::default()
        };
        let found = self.place()?.get_opts(&path, options).await;
        Ok(found.map_err(|error| error.to_string())?.into_stream())
    }

    /// Deletes a file. One that is not there is deleted already.
    pub(super) async fn delete(&self, key: &str) -> Result<(), String> {
        let path = Path::parse(key).map_err(|error| error.to_string())?;
        match self.place()?.delete(&path).await {
            Ok(()) | Err(object_store::Error::NotFound { .. }) => Ok(()),
            Err(error) => Err(error.to_string()),
        }
    }

    /// The keys and the times of all files of a workspace, or of all.
    pub(super) fn list(
        &self,
        workspace: Option<WorkspaceId>,
    ) -> BoxStream<'static, Result<(String, DateTime<Utc>), String>> {
        let place = match self.place() {
            Ok(place) => place,
            Err(error) => return stream::iter([Err(error)]).boxed(),
        };
        let folder = workspace.map(|workspace| Path::from(workspace.to_string()));
        let listed = place.list(folder.as_ref());
        listed
            .map_ok(|file| (file.location.to_string(), file.last_modified))
            .map_err(|error| error.to_string())
            .boxed()
    }

    /// Deletes all files of a workspace.
    pub(super) async fn delete_all(&self, workspace: WorkspaceId) -> Result<(), String> {
        let keys = self.list(Some(workspace));
        keys.try_for_each_concurrent(AT_ONCE, |(key, _)| async move { self.delete(&key).await })
            .await
    }
}

/// The name of a file that the store has not finished: its key, a `#` and a number.
fn is_unfinished(name: &str) -> bool {
    let (key, number) = name.split_once('#').unwrap_or_default();
    key.len() == 32 && !number.is_empty() && number.bytes().all(|b| b.is_ascii_digit())
}

impl Files {
    /// Deletes what a killed process has left half written in the folder. A bucket has a rule of its own for it.
    pub(super) fn delete_unfinished(&self, before: DateTime<Utc>) {
        let entries = |path: &Folder| fs::read_dir(path).into_iter().flatten().flatten();
        let workspaces = self.folder.iter().flat_map(|folder| entries(folder));
        for file in workspaces.flat_map(|workspace| entries(&workspace.path())) {
            let changed = file.metadata().and_then(|about| about.modified());
            let old = changed.is_ok_and(|changed| DateTime::<Utc>::from(changed) < before);
            if old && is_unfinished(&file.file_name().to_string_lossy()) {
                let _ = fs::remove_file(file.path());
            }
        }
    }
}

/// A file on its way: a small one in one piece, a large one in parts.
struct Upload<'a> {
    place: &'a Arc<dyn ObjectStore>,
    path: &'a Path,
    start: Vec<u8>,
    rest: Option<WriteMultipart>,
}

impl Upload<'_> {
    async fn add(&mut self, part: Bytes) -> object_store::Result<()> {
        if self.rest.is_none() && self.start.len() + part.len() <= WHOLE_BYTES {
            self.start.extend_from_slice(&part);
            return Ok(());
        }
        let rest = match &mut self.rest {
            Some(rest) => rest,
            none => {
                let upload = self.place.put_multipart(self.path).await?;
                let rest = none.insert(WriteMultipart::new(upload));
                rest.put(std::mem::take(&mut self.start).into());
                rest
            }
        };
        // The source waits, so that few parts are in memory.
        rest.wait_for_capacity(1).await?;
        rest.put(part);
        Ok(())
    }

    async fn finish(self) -> object_store::Result<()> {
        match self.rest {
            Some(rest) => rest.finish().await.map(drop),
            None => {
                let whole = PutPayload::from(self.start);
                self.place.put(self.path, whole).await.map(drop)
            }
        }
    }

    async fn abort(self) {
        if let Some(rest) = self.rest
            && let Err(error) = rest.abort().await
        {
            tracing::warn!(%error, "parts of a file are left");
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn in_a_folder(path: &Folder) -> Files {
        Files {
            place: folder(path).map_err(|error| error.to_string()),
            folder: Some(path.to_owned()),
            guarded: None,
        }
    }

    fn parts(bytes: usize) -> impl Stream<Item = Result<Bytes, String>> {
        let whole = vec![7_u8; bytes];
        let parts: Vec<_> = whole
            .chunks(64 * 1024)
            .map(|part| Ok(Bytes::copy_from_slice(part)))
            .collect();
        stream::iter(parts)
    }

    async fn keys(files: &Files) -> Vec<String> {
        let mut keys: Vec<String> = files
            .list(None)
            .map_ok(|(key, _)| key)
            .try_collect()
            .await
            .unwrap();
        keys.sort();
        keys
    }

    #[tokio::test]
    async fn a_file_is_whole_or_not_there() {
        let folder = tempfile::tempdir().unwrap();
        let files = in_a_folder(folder.path());
        for bytes in [1, WHOLE_BYTES, WHOLE_BYTES + 1, 3 * WHOLE_BYTES + 17] {
            let written = files.write("w/1", 1 << 30, parts(bytes)).await.unwrap();
            assert_eq!(written.bytes, bytes as u64);
            assert_eq!(written.sha256[..], Sha256::digest(vec![7_u8; bytes])[..]);
            assert_eq!(written.head.len(), bytes.min(HEAD_BYTES));
            let read: Vec<Bytes> = files
                .read("w/1", None)
                .await
                .unwrap()
                .try_collect()
                .await
                .unwrap();
            assert_eq!(read.concat(), vec![7_u8; bytes]);
        }
        let part = files.read("w/1", Some(2..5)).await.unwrap();
        let part: Vec<Bytes> = part.try_collect().await.unwrap();
        assert_eq!(part.concat(), [7, 7, 7]);
        files.delete("w/1").await.unwrap();
        files.delete("w/1").await.unwrap();
        assert!(keys(&files).await.is_empty());

        let most = 2 * WHOLE_BYTES as u64;
        let broken = parts(3 * WHOLE_BYTES).chain(stream::iter([Err("cut".to_owned())]));
        for (limit, source) in [
            (most, parts(3 * WHOLE_BYTES).boxed()),
            (1 << 30, broken.boxed()),
            (most, parts(0).boxed()),
        ] {
            files.write("w/2", limit, source).await.unwrap_err();
        }
        assert!(keys(&files).await.is_empty());
        let left: Vec<_> = fs::read_dir(folder.path().join("w"))
            .into_iter()
            .flatten()
            .collect();
        assert!(left.is_empty(), "{left:?}");
    }

    #[tokio::test]
    async fn what_is_half_written_goes_when_it_is_old() {
        let folder = tempfile::tempdir().unwrap();
        let files = in_a_folder(folder.path());
        let key = new_key(WorkspaceId::new());
        assert!(is_key(&key) && !is_key("backup/2026.tar") && !is_key(&format!("x/{key}")));
        files.write(&key, 10, parts(5)).await.unwrap();
        let staged = folder.path().join(format!("{key}#1"));
        fs::write(&staged, "half").unwrap();
        files.delete_unfinished(Utc::now() - chrono::TimeDelta::hours(1));
        assert!(staged.exists());
        files.delete_unfinished(Utc::now() + chrono::TimeDelta::hours(1));
        assert!(!staged.exists());
        assert_eq!(keys(&files).await, [key]);
    }

    #[tokio::test]
    async fn a_workspaces_files_go_alone() {
        let folder = tempfile::tempdir().unwrap();
        let files = in_a_folder(folder.path());
        let (ours, others) = (WorkspaceId::new(), WorkspaceId::new());
        let (a, b, c) = (new_key(ours), new_key(ours), new_key(others));
        for key in [&a, &b, &c] {
            files.write(key, 10, parts(5)).await.unwrap();
        }
        files.delete_all(ours).await.unwrap();
        assert_eq!(keys(&files).await, [c]);
    }
}
