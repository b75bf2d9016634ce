import { useTranslation } from 'react-i18next';
import type { Schemas } from '@/api/client';
import { deliveryOf, deliveryWords } from '@/lib/campaign-delivery';
import { useFormat } from '@/lib/format';
import { CreditsPaused } from './credits';
import { Fact, Facts } from './page';

type Campaign = Schemas['Campaign'];

/** When the canary has its answer, at the earliest. */
function Canary({ campaign }: { campaign: Campaign }) {
  const { t } = useTranslation();
  const format = useFormat();
  const { canary_passed_at: passed, canary_sent_at: sent, delivery, status } = campaign;
  const wait = delivery.canary?.wait_minutes;
  if (wait === undefined) return null;
  const until = sent && new Date(Date.parse(sent) + wait * 60_000).toISOString();
  const words = passed
    ? t('campaigns.delivery.canaryPassed', { when: format.moment(passed) })
    : status !== 'sending'
      ? null
      : until
        ? t('campaigns.delivery.canaryWaits', { when: format.moment(until) })
        : t('campaigns.delivery.canaryLeaves');
  return (
    words && (
      <p role="status" className="mt-4 rounded-md border border-amber-500 p-3 text-sm">
        {words}
      </p>
    )
  );
}

/** Recipients by their time zones and hours. */
function Zones({ zones }: { zones: Schemas['CampaignZone'][] }) {
  const { t } = useTranslation();
  const format = useFormat();
  if (!zones.length) return null;
  const hour = (at: number | null | undefined) =>
    at == null ? t('campaigns.delivery.ownHour') : `${String(at).padStart(2, '0')}:00`;
  const rows = zones.toSorted((a, b) => b.recipients - a.recipients);
  return (
    <details className="mt-4 text-sm">
      <summary className="cursor-pointer font-medium">{t('campaigns.delivery.zones')}</summary>
      <div className="mt-2 max-h-72 overflow-auto" tabIndex={0} role="group" aria-label={t('campaigns.delivery.zones')}>
        <table className="w-full">
          <thead className="text-xs text-muted-foreground">
            <tr>
              <th className="py-1 pe-4 text-start font-medium">{t('campaigns.delivery.zone')}</th>
              <th className="py-1 pe-4 text-start font-medium">{t('campaigns.delivery.hour')}</th>
              <th className="py-1 text-end font-medium">{t('campaigns.recipients')}</th>
            </tr>
          </thead>
          <tbody>
            {rows.map((one) => (
              <tr key={`${one.time_zone} ${one.hour}`} className="border-t">
                <th scope="row" className="py-1 pe-4 text-start font-normal">
                  <bdi>{one.time_zone.replaceAll('_', ' ')}</bdi>
                </th>
                <td className="py-1 pe-4 tabular-nums">{hour(one.hour)}</td>
                <td className="py-1 text-end tabular-nums">{format.number(one.recipients)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </details>
  );
}

/** How a campaign goes out, and where its first batch stands. */
export function CampaignDeliveryFacts({ campaign }: { campaign: Campaign }) {
  const { t } = useTranslation();
  const words = deliveryWords(deliveryOf(campaign), t);
  return (
    <section aria-label={t('campaigns.delivery.title')} className="mt-6">
      <h3 className="mb-2 text-sm font-semibold">{t('campaigns.delivery.title')}</h3>
      <Facts>
        {(Object.keys(words) as (keyof typeof words)[]).map((part) => (
          <Fact key={part} label={t(`campaigns.delivery.parts.${part}`)}>
            {words[part]}
          </Fact>
        ))}
      </Facts>
      <Canary campaign={campaign} />
      <Zones zones={campaign.report?.zones ?? []} />
    </section>
  );
}

/** Why a campaign stands, and what a person can do. */
export function CampaignStop({ campaign }: { campaign: Campaign }) {
  const { t } = useTranslation();
  const { reason, reason_detail: detail, status } = campaign;
  if (!reason) return null;
  const isWaiting = status === 'paused' && ['failures', 'canary_failed'].includes(reason);
  return (
    <div role="alert" className="mb-6 rounded-md border border-destructive p-4 text-sm text-destructive-text">
      <p>
        {t(`campaigns.reasons.${reason}`, { defaultValue: reason.replaceAll('_', ' ') })}
        {reason !== 'by_a_person' && detail && `: ${detail}`}
      </p>
      {status === 'paused' && reason === 'credits' && <CreditsPaused />}
      {isWaiting && <p className="mt-2 text-foreground">{t(`campaigns.delivery.resume.${reason}`)}</p>}
    </div>
  );
}
