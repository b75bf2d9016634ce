//! Plain-text e-mail over SMTP, perhaps with a file, with one connection for each letter.
//!
//! No error contains an address, a letter or the server's text, which repeats them. The server's code is enough.

use std::{fmt, time::Duration};

use lettre::{
    AsyncSmtpTransport, AsyncTransport, Message, Tokio1Executor,
    message::{Mailbox, MultiPart, SinglePart, header::ContentType},
    transport::smtp::authentication::Credentials,
};
use secrecy::{ExposeSecret, SecretString};
use serde::{Deserialize, Serialize};

/// The protection of a connection.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Tls {
    /// No encryption: for a server on this machine.
    None,
    /// `STARTTLS`. Without it, no letter is sent.
    StartTls,
    /// TLS from the first byte.
    Wrapped,
}

/// A mail server and this program's account there.
#[derive(Clone, Debug)]
pub struct Server {
    pub host: String,
    /// Usually 587 with `StartTls`, and 465 with `Wrapped`.
    pub port: u16,
    pub tls: Tls,
    /// User name and password, if the server needs them.
    pub credentials: Option<(String, SecretString)>,
    /// The sender of all letters, like `Kazi <kazi@example.com>`.
    pub from: String,
}

#[derive(Clone, Copy)]
pub struct Letter<'a> {
    pub to: &'a str,
    /// One line of text.
    pub subject: &'a str,
    pub text: &'a str,
    /// The part of `Message-ID` before the `@`. It identifies a letter that was sent twice.
    pub id: &'a str,
    pub attachment: Option<Attachment<'a>>,
}

/// A file of a letter.
#[derive(Clone, Copy)]
pub struct Attachment<'a> {
    pub name: &'a str,
    pub mime: &'a str,
    pub bytes: &'a [u8],
}

/// The server did not accept a letter, or it is unknown whether it did.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// 5xx: the server refuses the letter for good.
    #[error("the SMTP server refuses the letter: {0}")]
    Refused(u16),
    /// 4xx: the server refuses the letter now.
    #[error("the SMTP server asks to try again: {0}")]
    Later(u16),
    /// An address, a header or the configuration is invalid.
    #[error("the letter cannot be written: {0}")]
    Unwritable(&'static str),
    /// The connection failed or broke. The server may have accepted the letter.
    #[error("no usable answer of the SMTP server: {0}")]
    Failed(&'static str),
}

#[derive(Clone)]
pub struct Smtp {
    transport: AsyncSmtpTransport<Tokio1Executor>,
    from: Mailbox,
}

impl fmt::Debug for Smtp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Smtp")
    }
}

impl Smtp {
    /// Makes a client. It sends nothing yet. `time_out` limits each step of the dialogue.
    ///
    /// # Errors
    /// The sender is not an address, or the host name is invalid.
    pub fn new(server: &Server, time_out: Duration) -> Result<Self, Error> {
        let from = server
            .from
            .parse()
            .map_err(|_| Error::Unwritable("the sender is not an address"))?;
        type Transport = AsyncSmtpTransport<Tokio1Executor>;
        let builder = match server.tls {
            Tls::Wrapped => Transport::relay(&server.host),
            Tls::StartTls => Transport::starttls_relay(&server.host),
            Tls::None => Ok(Transport::builder_dangerous(&server.host)),
        };
        let mut builder = builder
            .map_err(|_| Error::Unwritable("the server's name cannot be used"))?
            .port(server.port)
            .timeout(Some(time_out));
        if let Some((user, password)) = &server.credentials {
            let password = password.expose_secret().to_owned();
            builder = builder.credentials(Credentials::new(user.clone(), password));
        }
        Ok(Self {
            transport: builder.build(),
            from,
        })
    }

    pub async fn send(&self, letter: &Letter<'_>) -> Result<(), Error> {
        let to = letter
            .to
            .parse()
            .map_err(|_| Error::Unwritable("the recipient is not an address"))?;
        let message = Message::builder()
            .from(self.from.clone())
            .to(Mailbox::new(None, to))
            .subject(letter.subject)
            .message_id(Some(format!(
                "<{}@{}>",
                letter.id,
                self.from.email.domain()
            )));
        let text = SinglePart::plain(letter.text.to_owned());
        let message = match letter.attachment {
            None => message.singlepart(text),
            Some(file) => {
                let kind = ContentType::parse(file.mime)
                    .map_err(|_| Error::Unwritable("the type of its file"))?;
                let file = lettre::message::Attachment::new(file.name.to_owned())
                    .body(file.bytes.to_vec(), kind);
                message.multipart(MultiPart::mixed().singlepart(text).singlepart(file))
            }
        };
        let message = message.map_err(|_| Error::Unwritable("its headers"))?;
        self.transport.send(message).await.map_err(|error| {
            match error.status().map(u16::from) {
                Some(code) if error.is_permanent() => Error::Refused(code),
                Some(code) => Error::Later(code),
                None if error.is_timeout() => Error::Failed("it took too long"),
                None if error.is_tls() => Error::Failed("TLS"),
                None if error.is_response() => Error::Failed("unreadable"),
                None => Error::Failed("the connection"),
            }
        })?;
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn server(from: &str) -> Server {
        Server {
            host: "localhost".into(),
            port: 25,
            tls: Tls::None,
            credentials: None,
            from: from.into(),
        }
    }

    #[tokio::test]
    async fn an_address_that_would_break_a_header_is_refused_before_anything_is_sent() {
        assert!(Smtp::new(&server("not an address"), Duration::from_secs(1)).is_err());
        let smtp = Smtp::new(&server("Kazi <kazi@example.com>"), Duration::from_secs(1)).unwrap();
        let letter = Letter {
            to: "a@example.com>\r\nBcc: b@example.com",
            subject: "x",
            text: "x",
            id: "1",
            attachment: None,
        };
        let error = smtp.send(&letter).await.unwrap_err();
        assert!(matches!(error, Error::Unwritable(_)), "{error}");
    }
}
