//! Gives a document to the customer: as a file in the chat, and by e-mail.

use std::{convert::Infallible, time::Duration};

use bytes::Bytes;
use futures_util::stream;
use kazi_clients::smtp::{Attachment, Letter};
use kazi_platform::WorkspaceId;
use kazi_queue::{Job, JobError, Options, Pool, Retry, Running};
use serde::{Deserialize, Serialize};

use super::{
    InvoiceError, InvoiceId, InvoiceView,
    model::Document,
    settings,
    sheet::{amount, file_name, pdf, title},
    store,
};
use crate::{
    Context, Work,
    audit::Change,
    conversations::MessageId,
    locale,
    media::{self, MediaError, MediaId, NewUpload, Uploaded},
    messages::{self, Cause, Notice, Notified, TemplateUse},
    pools,
};

/// The template for a contact who has not written for 24 hours. Its `{{1}}` is the number of the document, `{{2}}` the amount.
pub const TEMPLATE: &str = "document_ready";
const TYPE: &str = "application/pdf";

/// Stores the PDF of a document and sends it.
#[derive(Debug, Serialize, Deserialize)]
pub struct Deliver {
    pub workspace: WorkspaceId,
    pub invoice: InvoiceId,
    /// A member sends it once more: the message.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub again: Option<MessageId>,
}

impl Job for Deliver {
    type Context = Context;
    const NAME: &'static str = "invoices.deliver";
    const POOL: Pool = pools::DEFAULT;
    const RETRY: Retry =
        Retry::exponential(Duration::from_secs(1), Duration::from_secs(300)).attempts(50);

    fn options(&self) -> Options {
        Options::default()
            .tenant(self.workspace)
            .sequence(format!("invoices:{}", self.invoice))
    }

    async fn run(&self, ctx: &Context, _: &Running) -> Result<(), JobError> {
        let mut work = Work::of(ctx, self.workspace).await?;
        let Some(document) = store::document(&mut work, self.invoice, false).await? else {
            tracing::warn!(invoice.id = %self.invoice, "no such document");
            return Ok(());
        };
        let rules = settings(&mut work).await?.settings;
        let kept = here(&mut work, &document).await?;
        work.commit().await?;
        let in_chat = rules.send_in_chat || self.again.is_some();
        let file = match kept {
            None if in_chat => Some(upload(ctx, self.workspace, &document).await?),
            _ => None,
        };
        let mut work = Work::of(ctx, self.workspace).await?;
        // Locked: an erasure of the contact is before this, or sees the file.
        let Some(document) = store::document(&mut work, self.invoice, true).await? else {
            return Ok(());
        };
        if in_chat {
            self.send(&mut work, &document, file.as_ref()).await?;
        }
        let by_mail = rules.send_by_email && self.again.is_none();
        if by_mail && ctx.providers.smtp.is_some() && document.buyer.email.is_some() {
            let job = Mail {
                workspace: self.workspace,
                invoice: self.invoice,
            };
            job.enqueue(work.conn()).await?;
        }
        work.commit().await?;
        kazi_queue::ring(pools::WHATSAPP);
        Ok(())
    }
}

impl Deliver {
    async fn send(
        &self,
        work: &mut Work,
        document: &Document,
        file: Option<&Uploaded>,
    ) -> Result<(), JobError> {
        let view = &document.view;
        let Some(media) = keep(work, document, file).await? else {
            return Ok(());
        };
        let usable = media::use_for(work, media, view.contact_id).await?;
        let usable =
            usable.map_err(|(code, words)| JobError::retry("media", format!("{code}: {words}")))?;
        let total = amount(&view.language, view.total_minor, &view.currency, true);
        let fill = [
            ("title", title(&view.language, view.kind)),
            ("number", view.number.clone()),
            ("total", total.clone()),
        ];
        let fill = fill.each_ref().map(|(name, value)| (*name, value.as_str()));
        let caption = locale::text(&view.language, "invoice-caption", &fill);
        let notice = Notice {
            // Derived, so a second run finds the message.
            id: self
                .again
                .unwrap_or_else(|| MessageId::derived(view.id.uuid(), 1)),
            contact: view.contact_id,
            channel: None,
            body: usable.message(Some(caption)),
            template: TemplateUse {
                name: TEMPLATE,
                parameters: vec![view.number.clone(), total],
                buttons: Vec::new(),
            },
            cause: Cause::Order,
            marketing: false,
            at: work.now(),
        };
        let why = match messages::notify(work, &notice).await? {
            Notified::Queued | Notified::AlreadyQueued => None,
            Notified::Unreachable(why) => {
                tracing::warn!(invoice.id = %view.id, reason = why.name(), "a customer cannot get their document");
                Some(why.name())
            }
        };
        Ok(store::set_sent(work, view.id, why).await?)
    }
}

/// The file of a document, if it is here.
async fn here(work: &mut Work, document: &Document) -> Result<Option<MediaId>, JobError> {
    let Some(media) = document.media else {
        return Ok(None);
    };
    match media::linkable(work, media).await {
        Ok(()) => Ok(Some(media)),
        Err(MediaError::Database(error)) => Err(error.into()),
        // Old files are deleted. The document makes another.
        Err(_) => Ok(None),
    }
}

async fn upload(
    ctx: &Context,
    workspace: WorkspaceId,
    document: &Document,
) -> Result<Uploaded, JobError> {
    let bytes = pdf(document).map_err(|error| JobError::discard("pdf", error))?;
    let new = NewUpload {
        mime: TYPE.to_owned(),
        name: Some(file_name(&document.view.number)),
    };
    let body = stream::iter([Ok::<_, Infallible>(Bytes::from(bytes))]);
    let file = media::upload(ctx, workspace, new, body).await;
    file.map_err(|error| JobError::retry("media", error))
}

/// Gives an uploaded file its row. `None`: the contact is gone.
async fn keep(
    work: &mut Work,
    document: &Document,
    file: Option<&Uploaded>,
) -> Result<Option<MediaId>, JobError> {
    let Some(file) = file else {
        return here(work, document).await;
    };
    let kept = media::keep_upload(work, file, Some(document.view.contact_id)).await;
    match kept {
        Ok(kept) => {
            store::set_media(work, document.view.id, kept.id).await?;
            Ok(Some(kept.id))
        }
        Err(MediaError::Invalid(_)) => Ok(None),
        Err(MediaError::Database(error)) => Err(error.into()),
        Err(error) => Err(JobError::retry("media", error)),
    }
}

/// Sends a document by e-mail. A process that dies in between sends the same letter again.
#[derive(Debug, Serialize, Deserialize)]
pub struct Mail {
    pub workspace: WorkspaceId,
    pub invoice: InvoiceId,
}

impl Job for Mail {
    type Context = Context;
    const NAME: &'static str = "invoices.mail";
    const POOL: Pool = pools::DEFAULT;
    const RETRY: Retry =
        Retry::exponential(Duration::from_secs(5), Duration::from_secs(1_800)).attempts(20);

    fn options(&self) -> Options {
        Options::default().tenant(self.workspace)
    }

    async fn run(&self, ctx: &Context, _: &Running) -> Result<(), JobError> {
        let mut work = Work::of(ctx, self.workspace).await?;
        let document = store::document(&mut work, self.invoice, false).await?;
        work.commit().await?;
        let Some(document) = document.filter(|document| document.view.mailed_at.is_none()) else {
            return Ok(());
        };
        let (view, seller) = (&document.view, &document.paper.seller);
        // Erased meanwhile.
        let Some(to) = &document.buyer.email else {
            return Ok(());
        };
        let bytes = pdf(&document).map_err(|error| JobError::discard("pdf", error))?;
        let fill = [
            ("title", title(&view.language, view.kind)),
            ("number", view.number.clone()),
            (
                "total",
                amount(&view.language, view.total_minor, &view.currency, true),
            ),
            ("seller", seller.name.clone()),
            ("name", document.buyer.name.clone()),
        ];
        let fill = fill.each_ref().map(|(name, value)| (*name, value.as_str()));
        let letter = Letter {
            to,
            subject: &locale::text(&view.language, "invoice-mail-subject", &fill),
            text: &locale::text(&view.language, "invoice-mail-text", &fill),
            id: &view.id.to_string(),
            attachment: Some(Attachment {
                name: &file_name(&view.number),
                mime: TYPE,
                bytes: &bytes,
            }),
        };
        // No connection is held while the mail server answers.
        ctx.providers.post(&letter).await?;
        let mut work = Work::of(ctx, self.workspace).await?;
        store::set_mailed(&mut work, view.id).await?;
        Ok(work.commit().await?)
    }
}

/// Sends a document into the chat once more.
pub async fn send_again(work: &mut Work, id: InvoiceId) -> Result<InvoiceView, InvoiceError> {
    let view = store::get(work, id).await?;
    let view = view.ok_or(InvoiceError::NotFound("document"))?;
    let job = Deliver {
        workspace: work.workspace(),
        invoice: id,
        again: Some(MessageId::at(work.now())),
    };
    job.enqueue(work.conn()).await?;
    let change = Change::done("invoices.send", ("invoice", id));
    work.audit(&change).await?;
    Ok(view)
}

/// The PDF of a document with its name. It is made anew of what was issued.
pub async fn file(work: &mut Work, id: InvoiceId) -> Result<(String, Vec<u8>), InvoiceError> {
    let document = store::document(work, id, false).await?;
    let document = document.ok_or(InvoiceError::NotFound("document"))?;
    let bytes = tokio::task::spawn_blocking(move || {
        let name = file_name(&document.view.number);
        pdf(&document).map(|bytes| (name, bytes))
    });
    let made = bytes
        .await
        .map_err(|error| InvoiceError::Pdf(error.to_string()))?;
    made.map_err(|error| InvoiceError::Pdf(error.to_string()))
}
