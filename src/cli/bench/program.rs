//! The program in a process of its own, which a measurement may kill.

use std::{
    net::SocketAddr,
    process::Stdio,
    time::{Duration, Instant},
};

use secrecy::ExposeSecret;
use tokio::{
    process::{Child, Command},
    time::sleep,
};

use crate::{CliError, runtime::Runtime};

/// Time between two looks at its readiness.
const LOOK: Duration = Duration::from_millis(10);
/// Time-out of its start.
const PATIENCE: Duration = Duration::from_secs(30);
/// Seconds that a message without an answer waits. It is longer than the provider's webhooks take.
const AMBIGUOUS_WAIT: &str = "20";

/// The program in a process of its own, as `kazi run` starts it.
pub struct Program<'a> {
    pub runtime: &'a Runtime,
    pub address: SocketAddr,
    pub whatsapp: String,
    /// More of the configuration, as variables.
    pub with: Vec<(&'static str, String)>,
}

impl Program<'_> {
    pub fn url(&self) -> String {
        format!("http://{}/webhooks/whatsapp", self.address)
    }

    /// Starts it and waits until it is ready. Dropping the value kills it.
    pub async fn start(&self) -> Result<Child, CliError> {
        let mut child = Command::new(std::env::current_exe()?)
            .arg("run")
            .stdin(Stdio::null())
            // Not arguments, because everybody on the machine can read those.
            .env("DATABASE_URL", self.runtime.url().expose_secret())
            .env("KAZI_MASTER_KEY", self.runtime.master_key().expose_secret())
            .env_remove("KAZI_DATABASE__URL")
            .env("KAZI_HTTP__BIND", self.address.to_string())
            .env("KAZI_WHATSAPP__BASE_URL", &self.whatsapp)
            .env("KAZI_MESSAGES__AMBIGUOUS_WAIT_SECONDS", AMBIGUOUS_WAIT)
            .env("KAZI_LOG__LEVEL", "error")
            .envs(self.with.iter().map(|(key, value)| (*key, value)))
            .kill_on_drop(true)
            .spawn()?;
        let url = format!("http://{}/readyz", self.address);
        let http = kazi_clients::http::client()?;
        let asked = Instant::now();
        loop {
            if let Ok(answer) = http.get(&url).send().await
                && answer.status().is_success()
            {
                return Ok(child);
            }
            if let Some(status) = child.try_wait()? {
                return Err(format!("the program has ended: {status}").into());
            }
            if asked.elapsed() > PATIENCE {
                return Err("the program does not get ready".into());
            }
            sleep(LOOK).await;
        }
    }
}
