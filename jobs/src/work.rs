//! A unit of work for one workspace.

use kazi_platform::{Timestamp, WorkspaceId, actor::Actor, database};
use sqlx::{PgConnection, PgPool, Postgres, Transaction};

use crate::Context;

/// A transaction of one workspace, with its time and its actor. They belong together: a holder of the transaction
/// cannot name another workspace, and row-level security shows only the rows of this one.
#[derive(Debug)]
pub struct Work {
    tx: Transaction<'static, Postgres>,
    workspace: WorkspaceId,
    now: Timestamp,
    actor: Actor,
}

impl Work {
    /// Begins work of the program itself for a workspace, such as a job.
    pub async fn of(ctx: &Context, workspace: WorkspaceId) -> Result<Self, sqlx::Error> {
        Self::by(ctx, workspace, Actor::SYSTEM).await
    }

    /// Begins work of an actor for a workspace, such as a call of the API or a command.
    pub async fn by(
        ctx: &Context,
        workspace: WorkspaceId,
        actor: Actor,
    ) -> Result<Self, sqlx::Error> {
        Self::begin(&ctx.db, workspace, ctx.clock.now(), actor).await
    }

    /// Like [`Work::by`], with a given time.
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

    /// Changes the actor, for example to the customer who writes in the chat.
    pub fn on_behalf_of(&mut self, actor: Actor) {
        self.actor = actor;
    }

    /// The connection, for a statement or a job in this transaction.
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

    pub const fn actor(&self) -> &Actor {
        &self.actor
    }

    /// Commits all changes. Dropped work changes nothing.
    pub async fn commit(self) -> Result<(), sqlx::Error> {
        self.tx.commit().await
    }

    /// Rolls all changes back now, before other work begins.
    pub async fn rollback(self) -> Result<(), sqlx::Error> {
        self.tx.rollback().await
    }
}

/// A transaction that sees all workspaces, with its time and its actor. It is for work that spans them, such as a
/// log-in or an invitation.
#[derive(Debug)]
pub struct Across {
    tx: Transaction<'static, Postgres>,
    now: Timestamp,
    actor: Actor,
}

impl Across {
    /// Begins work of the program itself.
    pub async fn of(ctx: &Context) -> Result<Self, sqlx::Error> {
        Self::begin(&ctx.db, ctx.clock.now(), Actor::SYSTEM).await
    }

    /// Begins work of the program itself on many rows: see [`database::bulk`].
    pub(crate) async fn in_bulk(ctx: &Context) -> Result<Self, sqlx::Error> {
        Ok(Self {
            tx: database::bulk(&ctx.db).await?,
            now: ctx.clock.now(),
            actor: Actor::SYSTEM,
        })
    }

    /// Begins work of an actor.
    pub async fn begin(db: &PgPool, now: Timestamp, actor: Actor) -> Result<Self, sqlx::Error> {
        // The caller says at each use why it needs all workspaces.
        let tx = database::platform(db).await?;
        Ok(Self { tx, now, actor })
    }

    /// Goes on for one workspace. The transaction still sees all workspaces, even deleted ones. Search views need
    /// [`Work::by`]: they show only the rows of the workspace with which the transaction began.
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

    pub const fn actor(&self) -> &Actor {
        &self.actor
    }

    /// Commits all changes. Dropped work changes nothing.
    pub async fn commit(self) -> Result<(), sqlx::Error> {
        self.tx.commit().await
    }
}
