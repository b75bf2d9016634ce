import { CalendarClockIcon } from 'lucide-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { api, type Schemas } from '@/api/client';
import { useAct } from '@/lib/act';
import { needsTime } from '@/lib/campaign-delivery';
import { shifted } from '@/lib/days';
import { useFormat } from '@/lib/format';
import { CampaignDeliveryFacts } from './campaign-delivery-facts';
import { Costs, Links, Reasons, ReportFacts } from './campaign-report';
import { CampaignArms } from './campaign-arms';
import { CampaignTest } from './campaign-test';
import { Confirm } from './confirm';
import { CampaignCredits } from './credits';
import { Field } from './field';
import { Fact, Facts } from './page';
import { Button } from './ui/button';
import { CardTitle } from './ui/card';
import { Input } from './ui/input';

/** What a person reads before a campaign goes out: whom it reaches, what it costs, where it leads, and how it goes. */
export function CampaignCheck({
  campaign,
  report,
  onScheduled,
}: {
  campaign: Schemas['Campaign'];
  report: Schemas['CampaignReport'];
  onScheduled: () => Promise<void>;
}) {
  const { t } = useTranslation();
  const format = useFormat();
  const [day, setDay] = useState(() => shifted(format.today(), 1));
  const [time, setTime] = useState('09:00');
  const schedule = useAct(async () => {
    const params = { path: { id: campaign.id } };
    await api.POST('/api/v1/messaging/campaigns/{id}/schedule', { params, body: { at: format.at(day, time) } });
    await onScheduled();
  }, t('campaigns.scheduled'));
  const count = report.recipients;
  return (
    <>
      <CardTitle>{t('campaigns.checked')}</CardTitle>
      <Facts>
        <ReportFacts report={report} />
        <Fact label={t('campaigns.remaining')}>
          {report.remaining_today == null ? t('campaigns.remainingUnknown') : format.number(report.remaining_today)}
        </Fact>
      </Facts>
      {report.remaining_today != null && report.remaining_today < report.recipients && (
        <p role="alert" className="mt-4 rounded-md border border-amber-500 p-3 text-sm">
          {t('campaigns.remainingFew')}
        </p>
      )}
      {report.credits && <CampaignCredits quote={report.credits} />}
      <Costs report={report} category={campaign.category} />
      {report.experiment && <CampaignArms report={report.experiment} />}
      <Reasons title={t('campaigns.leftOut')} reasons={report.left_out} />
      <Links campaign={campaign} />
      <CampaignDeliveryFacts campaign={campaign} />
      <div className="mt-6 grid gap-6">
        <CampaignTest id={campaign.id} arms={campaign.experiment?.arms} />
        <div className="grid gap-4 rounded-md border p-4 sm:grid-cols-[1fr_1fr_auto] sm:items-end">
          <Field
            label={t('campaigns.day')}
            hint={t(needsTime(campaign) ? 'campaigns.delivery.scheduleText' : 'campaigns.scheduleText', {
              zone: format.zone,
            })}
          >
            <Input type="date" value={day} onChange={(event) => setDay(event.target.value)} />
          </Field>
          <Field label={t('campaigns.time')} hint={'\u00A0'}>
            <Input type="time" value={time} onChange={(event) => setTime(event.target.value)} />
          </Field>
          <Confirm
            trigger={
              <Button variant="outline" className="mb-6" disabled={!count || !day || !time}>
                <CalendarClockIcon aria-hidden />
                {t('campaigns.schedule')}
              </Button>
            }
            title={t('campaigns.sendTitle', { count, shown: format.number(count) })}
            text={t('campaigns.scheduleSure', {
              when: day && time ? format.moment(format.at(day, time)) : '',
              zone: format.zone,
            })}
            action={t('campaigns.schedule')}
            onConfirm={() => schedule.mutateAsync(undefined)}
          />
        </div>
      </div>
    </>
  );
}
