//! Fetches the file of a message from its provider.
//!
//! The file is written first and the row after it, so a row that says `stored` has its file. A run that dies between the
//! two leaves a file without a row: the next run deletes it, or the sweep does.

use std::time::Duration;

use kazi_platform::WorkspaceId;
use kazi_queue::{Job, JobError, Options, Pool, Retry, Running, Unique};
use serde::{Deserialize, Serialize};
use serde_json::json;

use super::{
    MediaId, MediaReason, MediaState,
    files::{Files, Unwritten, Written, new_key},
    model::Incoming,
    scan::{PATIENCE, Verdict, scan},
    sniff,
    source::{self, Missing, VANISHED},
    store,
};
use crate::{
    Context, Role, Work,
    notifications::{self, Kind, Notification, To},
    pools,
};

/// Fetches a file.
#[derive(Debug, Serialize, Deserialize)]
pub struct Fetch {
    pub workspace: WorkspaceId,
    pub media: MediaId,
}

/// A file that is here.
struct Here {
    mime: String,
    written: Written,
    /// What the scanner has found.
    virus: Option<String>,
}

impl Job for Fetch {
    type Context = Context;
    const NAME: &'static str = "media.fetch";
    const POOL: Pool = pools::MEDIA;
    const RETRY: Retry =
        Retry::exponential(Duration::from_secs(5), Duration::from_secs(7_200)).attempts(ATTEMPTS);
    /// For the file, and for the scanner.
    const TIMEOUT: Duration = Duration::from_secs(400);

    fn options(&self) -> Options {
        Options::default()
            .tenant(self.workspace)
            .unique(self.media.to_string(), Unique::WhileUnfinished)
    }

    async fn run(&self, ctx: &Context, job: &Running) -> Result<(), JobError> {
        // A key for this run alone. A run whose lease was lost cannot touch the file of its successor.
        let key = new_key(self.workspace);
        let mut work = Work::of(ctx, self.workspace).await?;
        let Some(file) = store::begin(&mut work, self.media, &key).await? else {
            tracing::debug!(media.id = %self.media, "no file to fetch");
            return Ok(());
        };
        work.commit().await?;
        let files = ctx.files();
        if let Some(before) = &file.before {
            discard(&files, before).await;
        }
        let (state, reason) = match self.fetch(ctx, &file, &key).await {
            Ok(here) => return self.keep(ctx, &files, &key, &here).await,
            Err(Missing::Gone(reason)) => (MediaState::Gone, reason),
            Err(Missing::Refused(reason)) => (MediaState::Refused, reason),
            Err(Missing::Later(class, words)) => {
                let few = matches!(class, DAMAGED | VANISHED) && job.attempt >= FEW_ATTEMPTS;
                if !few && !job.is_last_attempt() {
                    return Err(JobError::retry(class, words));
                }
                tracing::warn!(media.id = %self.media, error.class = class, "a file could not be fetched: {words}");
                match class {
                    UNSCANNED => (MediaState::Refused, MediaReason::Unscanned),
                    DAMAGED => (MediaState::Refused, MediaReason::Damaged),
                    VANISHED => (MediaState::Gone, MediaReason::Expired),
                    _ => (MediaState::Refused, MediaReason::Unreachable),
                }
            }
        };
        let mut work = Work::of(ctx, self.workspace).await?;
        let settled = store::settle(&mut work, (self.media, &key), state, reason).await?;
        work.commit().await?;
        if settled {
            count(state, Some(reason));
            tracing::info!(media.id = %self.media, media.reason = reason.name(), "a file is not kept");
        }
        Ok(())
    }
}

/// Characters of a virus's name.
const VIRUS_CHARS: usize = 100;
/// About three days altogether. Meta keeps a file of a webhook for seven.
pub(super) const ATTEMPTS: u16 = 50;
/// Attempts for a fault that rarely passes.
pub(super) const FEW_ATTEMPTS: u32 = 5;
/// The scanner does not answer.
const UNSCANNED: &str = "unscanned";
/// The bytes differ from the told hash: perhaps only on the way.
const DAMAGED: &str = "damaged";

impl Fetch {
    /// Writes the file, and checks it.
    async fn fetch(&self, ctx: &Context, file: &Incoming, key: &str) -> Result<Here, Missing> {
        let found = ctx.channels().by_id(file.channel).await;
        let channel = found.map_err(|error| Missing::Later("channel", error.to_string()))?;
        let channel = channel.ok_or(Missing::Gone(MediaReason::NoChannel))?;
        let offered = source::ask(ctx, &channel, file).await?;
        let limit = file.limit_bytes().min(ctx.providers.media.max_bytes);
        let declared = offered.bytes.max(offered.body.content_length());
        if declared.is_some_and(|bytes| bytes > limit) {
            return Err(Missing::Refused(MediaReason::TooLarge));
        }
        let files = ctx.files();
        let written = files.write(key, limit, offered.body.bytes_stream()).await;
        let written = written.map_err(|error| match error {
            Unwritten::TooLarge => Missing::Refused(MediaReason::TooLarge),
            Unwritten::Empty => Missing::Refused(MediaReason::Empty),
            Unwritten::Source(_) => {
                // The text may contain the address.
                Missing::Later("unreachable", "the file did not come whole".to_owned())
            }
            Unwritten::Place(words) => Missing::Later("place", words),
        })?;
        let said = offered.mime.as_deref().or(file.said_mime.as_deref());
        let checked = async {
            if offered.sha256.is_some_and(|told| told != written.sha256) {
                let words = "the file's hash is not the one that the provider tells".to_owned();
                return Err(Missing::Later(DAMAGED, words));
            }
            let mime = sniff::judge(said, &written.head)
                .map_err(|_| Missing::Refused(MediaReason::Mismatch))?;
            let verdict = scanned(ctx, key).await;
            match verdict.map_err(|words| Missing::Later(UNSCANNED, words))? {
                Verdict::Clean => Ok((mime, None)),
                Verdict::Infected(virus) => Ok((mime, Some(virus))),
            }
        };
        match checked.await {
            Ok((mime, virus)) => Ok(Here {
                mime,
                written,
                virus,
            }),
            Err(why) => {
                discard(&files, key).await;
                Err(why)
            }
        }
    }

    async fn keep(
        &self,
        ctx: &Context,
        files: &Files,
        key: &str,
        here: &Here,
    ) -> Result<(), JobError> {
        // The file and its name are on the disk, or in the bucket, since `Files::write` has returned. Only now the row
        // says so.
        let mut work = Work::of(ctx, self.workspace).await?;
        let became = match here.virus {
            None => (MediaState::Stored, None),
            Some(_) => (MediaState::Quarantined, Some(MediaReason::Infected)),
        };
        let one = (self.media, key);
        let wanted = store::fetched(&mut work, one, became, &here.mime, &here.written).await?;
        if let Some(virus) = here.virus.as_deref().filter(|_| wanted) {
            self.warn(&mut work, virus).await?;
        }
        work.commit().await?;
        if wanted {
            count(became.0, became.1);
            metrics::counter!("kazi_media_bytes_total").increment(here.written.bytes);
        } else {
            // Its contact was erased meanwhile, or another run has it.
            discard(files, key).await;
        }
        Ok(())
    }

    /// Tells the members of an infected file.
    async fn warn(&self, work: &mut Work, virus: &str) -> Result<(), sqlx::Error> {
        tracing::warn!(media.id = %self.media, virus, "a file is infected");
        let file = store::view(work, self.media).await?;
        let contact = file.and_then(|file| file.contact_id);
        let virus: String = virus.chars().take(VIRUS_CHARS).collect();
        let notification = Notification {
            kind: Kind::MEDIA_QUARANTINED,
            title: &format!("A file of a customer has a virus and is given to nobody: {virus}"),
            data: &json!({"media_id": self.media, "contact_id": contact}),
        };
        notifications::notify(work, To::Role(Role::Agent), &notification).await
    }
}

fn count(state: MediaState, reason: Option<MediaReason>) {
    let reason = reason.map_or("none", MediaReason::name);
    metrics::counter!("kazi_media_fetched_total", "outcome" => state.name(), "reason" => reason)
        .increment(1);
}

/// Deletes a file that no row names. If that fails, the sweep finds it.
pub(super) async fn discard(files: &Files, key: &str) {
    if let Err(error) = files.delete(key).await {
        tracing::warn!(error, "a file that nobody wants is left to the sweep");
    }
}

/// Asks the scanner about a file. Without a scanner all files are clean.
///
/// # Errors
/// The scanner does not say.
pub(super) async fn scanned(ctx: &Context, key: &str) -> Result<Verdict, String> {
    match &ctx.providers.media.scanner {
        None => Ok(Verdict::Clean),
        Some(scanner) => scan(scanner, PATIENCE, ctx.files().read(key, None).await?).await,
    }
}
