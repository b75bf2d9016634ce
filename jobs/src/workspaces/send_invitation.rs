//! Sends an invitation by e-mail.

use std::time::Duration;

use kazi_clients::smtp::Letter;
use kazi_platform::{
    WorkspaceId,
    crypto::{CryptoError, Keyring},
};
use kazi_queue::{Job, JobError, Options, Pool, Retry, Running};
use secrecy::{ExposeSecret, SecretString};
use serde::{Deserialize, Serialize};

use super::{InvitationId, store};
use crate::{Context, Work, locale, pools};

/// Sends an invitation. The token is not in the job: it follows from the row.
#[derive(Debug, Serialize, Deserialize)]
pub struct SendInvitation {
    pub workspace: WorkspaceId,
    pub invitation: InvitationId,
    /// The number of the letter: each resend raises it.
    pub generation: i32,
}

impl Job for SendInvitation {
    type Context = Context;
    const NAME: &'static str = "workspaces.send_invitation";
    const POOL: Pool = pools::DEFAULT;
    const RETRY: Retry =
        Retry::exponential(Duration::from_secs(5), Duration::from_secs(1_800)).attempts(20);

    fn options(&self) -> Options {
        Options::default().tenant(self.workspace)
    }

    async fn run(&self, ctx: &Context, _: &Running) -> Result<(), JobError> {
        let mut work = Work::of(ctx, self.workspace).await?;
        let found = store::invitations::letter(&mut work, self.invitation).await?;
        // The invitation was accepted, revoked or sent again: this letter is void.
        let Some(letter) = found.filter(|letter| {
            letter.generation == self.generation && letter.expires_at > ctx.clock.now()
        }) else {
            tracing::info!(invitation.id = %self.invitation, "an invitation need not be sent any more");
            return Ok(());
        };
        let (id, generation) = (self.invitation, self.generation);
        let token = derive(&mut work, &ctx.keyring, id, generation).await;
        let token = token.map_err(|error| JobError::retry("sealed", error))?;
        work.commit().await?;
        // No connection is held while the mail server answers. A process that dies here sends the same letter again.
        let name = [("workspace", letter.workspace_name.as_str())];
        let token = token.expose_secret();
        // Behind the `#`, because browsers send that part to no server: so no log has the token.
        let url = format!(
            "{}/app/workspaces#invitation={token}",
            ctx.providers.public_url
        );
        let fill = [name[0], ("url", url.as_str()), ("token", token)];
        let language = &letter.language;
        let letter = Letter {
            to: &letter.email,
            subject: &locale::text(language, "mail-invitation-subject", &name),
            text: &locale::text(language, "mail-invitation", &fill),
            id: &format!("{id}.{generation}"),
            attachment: None,
        };
        ctx.providers.post(&letter).await
    }
}

/// The token of an invitation's letter.
pub(super) async fn derive(
    work: &mut Work,
    keyring: &Keyring,
    id: InvitationId,
    generation: i32,
) -> Result<SecretString, CryptoError> {
    let data = [id.uuid().as_bytes().as_slice(), &generation.to_be_bytes()].concat();
    let workspace = work.workspace();
    let mac = keyring
        .mac(work.conn(), workspace, "invitation", &data)
        .await?;
    Ok(hex::encode(mac).into())
}

impl From<CryptoError> for super::WorkspaceError {
    fn from(error: CryptoError) -> Self {
        match error {
            CryptoError::Database(error) => Self::Database(error),
            sealed => Self::Sealed(sealed),
        }
    }
}
