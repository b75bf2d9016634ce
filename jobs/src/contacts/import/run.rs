//! The job that imports.

use std::{
    collections::{BTreeMap, HashMap, HashSet},
    ops::ControlFlow,
    time::Duration,
};

use kazi_platform::WorkspaceId;
use kazi_queue::{Job, JobError, Pool, Running};
use serde::{Deserialize, Serialize};
use tokio::sync::mpsc;
use uuid::Uuid;

use super::{
    Existing, ImportId, ImportOptions, KIND, NewRow, RowFault, Said,
    columns::fault_at,
    read::{ReadStep, Reader},
    tell,
};
use crate::{
    Context, Role, Work,
    audit::Change,
    contacts::{ContactId, Field, MAX_TAGS, hooks, store, tags},
    notifications::To,
    pools, workspaces,
};

/// Imports a file of contacts.
#[derive(Debug, Serialize, Deserialize)]
pub struct Import {
    pub workspace: WorkspaceId,
    pub import: ImportId,
}

/// Batches that wait to be written.
const AHEAD: usize = 2;
/// PostgreSQL counts the tables after so many new contacts, and then each time when they are so many times as many.
const COUNT_AFTER: i64 = 2_000;
const COUNT_TIMES: i64 = 8;

impl Job for Import {
    type Context = Context;
    const NAME: &'static str = "contacts.import";
    const POOL: Pool = pools::BULK;
    /// For one batch, and for reading the file.
    const TIMEOUT: Duration = Duration::from_secs(120);

    async fn run(&self, ctx: &Context, job: &Running) -> Result<(), JobError> {
        let Some(mut batches) = Batches::begin(ctx, self).await? else {
            tracing::warn!(import.id = %self.import, "there is nothing to import");
            return Ok(());
        };
        let (send, mut steps) = mpsc::channel(AHEAD);
        let reader = batches.reader(send);
        // It ends by itself when this run does: nobody takes what it sends then.
        let reader = tokio::task::spawn_blocking(move || reader.run());
        while let Some(step) = steps.recv().await {
            job.extend_deadline(Self::TIMEOUT);
            if batches.apply(ctx, step).await?.is_break() {
                return Ok(());
            }
        }
        let read = match reader.await {
            Ok(read) => read,
            // A file that breaks a parser breaks it again in the next run.
            Err(error) if error.is_panic() => Err("the file cannot be read: it is broken".into()),
            Err(error) => return Err(JobError::retry("reader", error)),
        };
        batches.end(ctx, job, read.err()).await
    }
}

/// An import that runs.
struct Batches {
    workspace: WorkspaceId,
    import: ImportId,
    options: ImportOptions,
    file: Vec<u8>,
    fields: Vec<Field>,
    country: Option<String>,
    done: u64,
    actor: Option<Uuid>,
    /// The members who are told of the end.
    to: To,
    /// All tags of the workspace: there is a limit.
    tags: HashSet<String>,
    /// Contacts that this run has made, and how many they are when the tables are counted next.
    made: i64,
    count_at: i64,
}

/// What becomes of the rows of a batch.
#[derive(Clone, Copy, Debug, Default)]
pub struct Counts {
    pub created: i64,
    pub updated: i64,
    pub renamed: i64,
    pub skipped: i64,
    pub bad: i64,
    pub remarked: i64,
}

impl Batches {
    /// `None` when there is nothing (more) to do.
    async fn begin(ctx: &Context, job: &Import) -> Result<Option<Self>, JobError> {
        let mut work = Work::of(ctx, job.workspace).await?;
        let Some(begun) = store::imports::begin(&mut work, job.import).await? else {
            return Ok(None);
        };
        let batches = Self {
            workspace: job.workspace,
            import: job.import,
            options: begun.options,
            file: store::imports::file(&mut work, job.import).await?,
            fields: store::fields::list(&mut work).await?,
            country: workspaces::get(&mut work).await?.country,
            done: begun.done,
            actor: begun.actor,
            to: match begun.actor {
                Some(user) if begun.by_member => To::User(user),
                _ => To::Role(Role::Admin),
            },
            tags: store::tags::list(&mut work)
                .await?
                .into_iter()
                .map(|tag| tag.name)
                .collect(),
            made: 0,
            count_at: COUNT_AFTER,
        };
        work.commit().await?;
        Ok(Some(batches))
    }

    fn reader(&mut self, send: mpsc::Sender<ReadStep>) -> Reader {
        Reader {
            file: std::mem::take(&mut self.file),
            options: self.options.clone(),
            fields: self.fields.clone(),
            country: self.country.clone(),
            done: self.done,
            send,
        }
    }

    /// Writes a batch. Breaks when the import is not this run's any more: it is cancelled, or another run goes on.
    async fn apply(&mut self, ctx: &Context, step: ReadStep) -> Result<ControlFlow<()>, JobError> {
        let mut work = Work::of(ctx, self.workspace).await?;
        let mut batch = match step {
            ReadStep::Begun { total, read_as } => {
                store::imports::set_total(&mut work, self.import, total, &read_as).await?;
                work.commit().await?;
                return Ok(ControlFlow::Continue(()));
            }
            ReadStep::Batch(batch) => batch,
        };
        // The step that only one run can make. It locks the import until the batch is written.
        if !store::imports::advance(&mut work, self.import, self.done, batch.until).await? {
            return Ok(ControlFlow::Break(()));
        }
        let mut counts = Counts::default();
        let mut remarks: Vec<RowFault> = batch
            .rows
            .iter_mut()
            .filter_map(|row| row.remark.take())
            .collect();
        let rows = self.once_each(
            std::mem::take(&mut batch.rows),
            &mut batch.faults,
            &mut counts,
        );
        self.write(&mut work, rows, &mut batch.faults, &mut counts)
            .await?;
        counts.bad += i64::try_from(batch.faults.len()).unwrap_or(0);
        // A row that was refused after all has its fault alone.
        let refused: HashSet<i64> = batch.faults.iter().map(|fault| fault.line).collect();
        remarks.retain(|remark| !refused.contains(&remark.line));
        counts.remarked += i64::try_from(remarks.len()).unwrap_or(0);
        let remarked = remarks.into_iter().map(|remark| RowFault {
            imported: true,
            ..remark
        });
        batch.faults.extend(remarked);
        store::imports::report(&mut work, self.import, &batch.faults, counts).await?;
        work.commit().await?;
        self.done = batch.until;
        self.made += counts.created;
        if self.made >= self.count_at {
            self.count_at = self.made * COUNT_TIMES;
            store::imports::count_tables(&ctx.owner).await;
        }
        Ok(ControlFlow::Continue(()))
    }

    /// Each phone once: a second row for one counts like a row for somebody who is there. Rows that would make too many
    /// tags are bad.
    fn once_each(
        &mut self,
        rows: Vec<NewRow>,
        faults: &mut Vec<RowFault>,
        counts: &mut Counts,
    ) -> BTreeMap<String, NewRow> {
        let mut once: BTreeMap<String, NewRow> = BTreeMap::new();
        for row in rows {
            let new = row
                .tags
                .iter()
                .filter(|tag| !self.tags.contains(*tag))
                .count();
            if self.tags.len() + new > tags::MAX_WORKSPACE_TAGS {
                let fault = format!("a workspace has at most {} tags", tags::MAX_WORKSPACE_TAGS);
                faults.push(fault_at(row.line, "", ("too_many_tags", fault)));
                continue;
            }
            self.tags.extend(row.tags.iter().cloned());
            match once.get_mut(row.phone.as_str()) {
                None => {
                    once.insert(row.phone.as_str().to_owned(), row);
                }
                Some(first) if self.options.existing == Existing::Update => {
                    first.absorb(row);
                    counts.updated += 1;
                }
                Some(first) => {
                    first.heed(row);
                    counts.skipped += 1;
                }
            }
        }
        once
    }

    async fn write(
        &self,
        work: &mut Work,
        mut rows: BTreeMap<String, NewRow>,
        faults: &mut Vec<RowFault>,
        counts: &mut Counts,
    ) -> Result<(), JobError> {
        let mut known = store::imported::known(work, rows.keys()).await?;
        rows.retain(|phone, row| match row.doubt.take() {
            Some(fault) if !known.contains_key(phone) => {
                faults.push(fault);
                false
            }
            _ => true,
        });
        self.refuse_too_many_tags(work, &known, &mut rows, faults)
            .await?;
        let new: Vec<&NewRow> = rows
            .values()
            .filter(|row| !known.contains_key(row.phone.as_str()))
            .collect();
        let mut there: HashMap<String, ContactId> =
            store::imported::create(work, &new, self.options.consent.is_some()).await?;
        counts.created += i64::try_from(there.len()).unwrap_or(0);
        if there.len() < new.len() {
            // Another transaction has made these contacts since we looked.
            let raced = new
                .iter()
                .map(|row| row.phone.as_str().to_owned())
                .filter(|phone| !there.contains_key(phone));
            known.extend(store::imported::known(work, raced.collect::<Vec<_>>().iter()).await?);
        }
        let made: Vec<(ContactId, &NewRow)> = rows_of(&there, &rows);
        let mut found: Vec<(ContactId, &NewRow)> = Vec::new();
        let mut changed: Vec<(ContactId, &NewRow)> = Vec::new();
        for (phone, (id, deleted)) in &known {
            let Some(row) = rows.get(phone) else { continue };
            found.push((*id, row));
            match (deleted, self.options.existing) {
                (true, _) => counts.created += 1,
                (false, Existing::Update) => counts.updated += 1,
                (false, Existing::Skip) => {
                    counts.skipped += 1;
                    continue;
                }
            }
            changed.push((*id, row));
            there.insert(phone.clone(), *id);
        }
        counts.renamed += store::imported::update(work, &changed).await?;
        let (mut contacts, mut names) = (Vec::new(), Vec::new());
        for (phone, id) in &there {
            for tag in rows.get(phone).into_iter().flat_map(|row| &row.tags) {
                contacts.push(id.uuid());
                names.push(tag.clone());
            }
        }
        if !names.is_empty() {
            store::tags::make(work, &names).await?;
            store::tags::put_pairs(work, &contacts, &names).await?;
        }
        self.wishes(work, &made, &found, &changed).await
    }

    /// Writes what the file says of offers: first who wants none or is blocked, then who has consented. So a “no” of any
    /// row wins.
    async fn wishes(
        &self,
        work: &mut Work,
        made: &[(ContactId, &NewRow)],
        found: &[(ContactId, &NewRow)],
        changed: &[(ContactId, &NewRow)],
    ) -> Result<(), JobError> {
        let nos = |rows: &[(ContactId, &NewRow)]| {
            let of = |(id, row): &(ContactId, &NewRow)| match &row.marketing {
                Said::No(said) => Some((*id, said.clone())),
                _ => None,
            };
            rows.iter().filter_map(of).collect::<Vec<_>>()
        };
        let (was_made, was_there) = (nos(made), nos(found));
        for id in store::imported::withdraw(work, &was_made, &was_there, self.actor).await? {
            hooks::withdraw(work, id, true).await?;
        }
        let blocked = found.iter().filter(|(_, row)| row.blocked);
        let blocked: Vec<ContactId> = blocked.map(|(id, _)| *id).collect();
        for id in store::imported::block(work, &blocked).await? {
            hooks::withdraw(work, id, false).await?;
        }
        if let Some(from) = &self.options.consent {
            let agreed = |rows: &[(ContactId, &NewRow)]| {
                let agreed = rows.iter().filter(|(_, row)| row.marketing.agrees());
                agreed.map(|(id, _)| *id).collect::<Vec<_>>()
            };
            let (was_made, was_there) = (agreed(made), agreed(changed));
            store::imported::consent(work, &was_made, &was_there, from, self.actor).await?;
        }
        Ok(())
    }

    /// Together with the tags that they have.
    async fn refuse_too_many_tags(
        &self,
        work: &mut Work,
        known: &HashMap<String, (ContactId, bool)>,
        rows: &mut BTreeMap<String, NewRow>,
        faults: &mut Vec<RowFault>,
    ) -> Result<(), JobError> {
        if known.is_empty() || rows.values().all(|row| row.tags.is_empty()) {
            return Ok(());
        }
        let ids: Vec<Uuid> = known.values().map(|(id, _)| id.uuid()).collect();
        let had = store::imported::tags_of(work, &ids).await?;
        for (phone, (id, _)) in known {
            let Some(row) = rows.get(phone) else { continue };
            let had = had.get(id).map_or(&[][..], Vec::as_slice);
            let new = row.tags.iter().filter(|tag| !had.contains(tag)).count();
            if had.len() + new > MAX_TAGS {
                let fault =
                    format!("with the tags that they have it would be more than {MAX_TAGS}");
                faults.push(fault_at(row.line, "", ("too_many_tags", fault)));
                rows.remove(phone);
            }
        }
        Ok(())
    }

    /// The import and its job end together.
    async fn end(
        &self,
        ctx: &Context,
        job: &Running,
        error: Option<String>,
    ) -> Result<(), JobError> {
        let status = if error.is_some() { "failed" } else { "done" };
        let mut work = Work::of(ctx, self.workspace).await?;
        let before = store::imports::view(&mut work, self.import).await?;
        if store::imports::end(&mut work, self.import, status, error.as_deref()).await? {
            let after = store::imports::view(&mut work, self.import).await?;
            let (action, subject) = ("contacts.import_ended", (KIND, self.import));
            work.audit(&Change::updated(action, subject, &before, &after))
                .await?;
            tell(&mut work, self.to, self.import).await?;
            metrics::counter!("kazi_contacts_imports_total", "outcome" => status).increment(1);
        }
        job.complete_in(work.conn()).await?;
        Ok(work.commit().await?)
    }
}

fn rows_of<'a>(
    ids: &HashMap<String, ContactId>,
    rows: &'a BTreeMap<String, NewRow>,
) -> Vec<(ContactId, &'a NewRow)> {
    let of = |(phone, id): (&String, &ContactId)| Some((*id, rows.get(phone)?));
    ids.iter().filter_map(of).collect()
}
