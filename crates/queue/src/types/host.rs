//! Where this process runs.

/// Where this process runs, so that another process can tell whether it still lives.
pub(crate) struct Host {
    /// The name of the machine, for people.
    pub name: String,
    pub pid: i32,
    /// The space of process numbers: the boot of the machine and the pid namespace. Two processes with the same text
    /// can look each other up by number. Where the system does not tell, the text is unique.
    pub machine: String,
}

impl Host {
    /// The host of this process.
    pub fn here() -> Self {
        Self {
            name: std::fs::read_to_string("/proc/sys/kernel/hostname")
                .map(|name| name.trim().to_owned())
                .or_else(|_| std::env::var("HOSTNAME"))
                .unwrap_or_else(|_| "unknown".into()),
            pid: i32::try_from(std::process::id()).unwrap_or_default(),
            machine: Self::machine(),
        }
    }

    fn machine() -> String {
        let boot = std::fs::read_to_string("/proc/sys/kernel/random/boot_id");
        let space = std::fs::read_link("/proc/self/ns/pid");
        match (boot, space) {
            (Ok(boot), Ok(space)) => format!("{} {}", boot.trim(), space.display()),
            _ => uuid::Uuid::new_v4().to_string(),
        }
    }

    /// Whether a process of `machine` with this number is certainly dead. A process elsewhere, or a number that another
    /// process has got meanwhile, counts as alive; then the lease decides. Engines of one process share its number, so
    /// our own number counts as alive too.
    pub fn sees_dead(&self, machine: &str, pid: i32) -> bool {
        machine == self.machine && !std::path::Path::new("/proc").join(pid.to_string()).exists()
    }
}
