import { useTranslation } from 'react-i18next';
import { PageHead } from '@/components/page';
import { Tabs, useTab } from '@/components/tabs';
import { useListState } from '@/lib/list-state';
import { DeadLetters } from './ops-dead';
import { Errors } from './ops-errors';
import { JobDialog } from './ops-job';
import { Jobs } from './ops-jobs';
import { Lanes } from './ops-lanes';
import { Overview } from './ops-overview';
import { Processes } from './ops-processes';
import { Schedules } from './ops-schedules';

const TABS = {
  overview: Overview,
  lanes: Lanes,
  jobs: Jobs,
  dead: DeadLetters,
  schedules: Schedules,
  processes: Processes,
  errors: Errors,
};

/** The queue, for whoever runs the platform. */
export function Ops() {
  const { t } = useTranslation();
  const { search, change } = useListState();
  const ids = Object.keys(TABS) as (keyof typeof TABS)[];
  const tab = useTab(ids) as keyof typeof TABS;
  const Shown = TABS[tab];
  return (
    <>
      <PageHead title={t('nav.ops')} />
      <Tabs label={t('nav.ops')} tabs={ids.map((id) => ({ id, label: t(`ops.tabs.${id}`) }))} />
      <Shown key={tab} />
      {search.open && /^\d+$/.test(search.open) && (
        <JobDialog
          key={search.open}
          id={Number(search.open)}
          onClose={() => change({ open: undefined, page: search.page, cursor: search.cursor }, true)}
        />
      )}
    </>
  );
}
