//! Checks the contents of a test's arms, as the content of a campaign is checked.

use super::{
    CampaignError, Experiment, NewCampaign, SendIn,
    create::{check_content, check_kind},
    experiment::MOST_ARMS,
    preflight,
};
use crate::{Work, violations::Violations};

impl NewCampaign {
    pub(super) async fn check_experiment(
        &self,
        work: &mut Work,
        experiment: &Experiment,
        violations: &mut Violations,
    ) -> Result<(), CampaignError> {
        experiment.check(violations, &self.content);
        let rule =
            "a test of a part goes out by the workspace's clock: leave it out, or test_percent";
        let fits = experiment.test_percent.is_none() || self.send_in == SendIn::Workspace;
        violations.unless(fits, "/send_in", "with_test", rule);
        for (n, arm) in (0..).zip(experiment.arms.iter().take(MOST_ARMS)) {
            let Some(content) = &arm.content else {
                continue;
            };
            let mut of_content = Violations::default();
            let kind = check_content(work, &mut of_content, self.channel_id, content).await?;
            check_kind(&mut of_content, kind, content);
            if let Err(invalid) = of_content.end() {
                let faults = preflight::of_arm(invalid, Some(n)).0.into_iter();
                // The channel was checked with the campaign's own content.
                let faults = faults.filter(|fault| fault.pointer != "/channel_id");
                for fault in faults {
                    violations.add(fault.pointer, (fault.code, fault.detail));
                }
            }
        }
        Ok(())
    }
}
