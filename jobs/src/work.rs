//! One piece of work for one business.

use kazi_platform::{Timestamp, WorkspaceId, actor::Actor, database};
use sqlx::{PgConnection, PgPool, Postgres, Transaction};

use crate::Context;

/// A transaction of one workspace, the time at which it is done and who does it. The four belong together: whoever has
/// the transaction cannot name another workspace, and row-level security shows it the rows of this one only.
#[derive(Debug)]
pub struct Work {
    tx: Transaction<'static, Postgres>,
    workspace: WorkspaceId,
    now: Timestamp,
    actor: Actor,
}

impl Work {
    /// Begins work of the program's own for a workspace: that of a job.
    ///
    /// # Errors
    /// The database failed.
    pub async fn of(ctx: &Context, workspace: WorkspaceId) -> Result<Self, sqlx::Error> {
        Self::by(ctx, workspace, Actor::SYSTEM).await
    }

    /// Begins work of somebody for a workspace: that of a call of the API or of a command.
    ///
    /// # Errors
    /// The database failed.
    pub async fn by(
        ctx: &Context,
        workspace: WorkspaceId,
        actor: Actor,
    ) -> Result<Self, sqlx::Error> {
        Self::begin(&ctx.db, workspace, ctx.clock.now(), actor).await
    }

    /// As [`Work::by`], at a time of the caller's.
    ///
    /// # Errors
    /// The database failed.
    pub async fn begin(
        db: &PgPool,
        workspace: WorkspaceId,
        now: Timestamp,
        actor: Actor,
    ) -> Result<Self, sqlx::Error> {
        let tx = database::tenant(db, workspace).await?;
        Ok(Self {
            tx,
            workspace,
            now,
            actor,
        })
    }

    /// Goes on as somebody else: as the customer who writes in the chat.
    pub fn on_behalf_of(&mut self, actor: Actor) {
        self.actor = actor;
    }

    /// The connection, for a statement or for writing a job down in this transaction.
    pub fn conn(&mut self) -> &mut PgConnection {
        &mut self.tx
    }

    /// The workspace whose rows the transaction sees.
    pub const fn workspace(&self) -> WorkspaceId {
        self.workspace
    }

    /// The time at which the work began, in UTC.
    pub const fn now(&self) -> Timestamp {
        self.now
    }

    /// Who does it.
    pub const fn actor(&self) -> &Actor {
        &self.actor
    }

    /// Makes all changes at once. Work that is dropped changes nothing.
    ///
    /// # Errors
    /// The database failed.
    pub async fn commit(self) -> Result<(), sqlx::Error> {
        self.tx.commit().await
    }

    /// Takes all changes back at once, before anything else is begun.
    ///
    /// # Errors
    /// The database failed.
    pub async fn rollback(self) -> Result<(), sqlx::Error> {
        self.tx.rollback().await
    }
}

/// A transaction that sees all workspaces, the time at which it is done and who does it: for what spans them, such as a
/// log-in or an invitation.
#[derive(Debug)]
pub struct Across {
    tx: Transaction<'static, Postgres>,
    now: Timestamp,
    actor: Actor,
}

impl Across {
    /// Begins work of the program's own.
    ///
    /// # Errors
    /// The database failed.
    pub async fn of(ctx: &Context) -> Result<Self, sqlx::Error> {
        Self::begin(&ctx.db, ctx.clock.now(), Actor::SYSTEM).await
    }

    /// Begins work of somebody.
    ///
    /// # Errors
    /// The database failed.
    pub async fn begin(db: &PgPool, now: Timestamp, actor: Actor) -> Result<Self, sqlx::Error> {
        // The caller says at each use why it needs all workspaces.
        let tx = database::platform(db).await?;
        Ok(Self { tx, now, actor })
    }

    /// Goes on for one workspace. The transaction still sees them all, also one that is deleted. What reads through the
    /// views of search needs [`Work::by`]: they show the rows of the workspace that the transaction began with.
    pub fn within(self, workspace: WorkspaceId) -> Work {
        let Self { tx, now, actor } = self;
        Work {
            tx,
            workspace,
            now,
            actor,
        }
    }

    /// The connection, for a statement.
    pub fn conn(&mut self) -> &mut PgConnection {
        &mut self.tx
    }

    /// The time at which the work began, in UTC.
    pub const fn now(&self) -> Timestamp {
        self.now
    }

    /// Who does it.
    pub const fn actor(&self) -> &Actor {
        &self.actor
    }

    /// Makes all changes at once. Work that is dropped changes nothing.
    ///
    /// # Errors
    /// The database failed.
    pub async fn commit(self) -> Result<(), sqlx::Error> {
        self.tx.commit().await
    }
}
