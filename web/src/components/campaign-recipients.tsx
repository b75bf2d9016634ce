import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useCallback, useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { answer, api, type Schemas } from '@/api/client';
import { funnelQuery, LIVE, LIVE_MS } from '@/lib/campaign';
import { useFormat } from '@/lib/format';
import { useWorkspaceId } from '@/lib/queries';
import { statusColumn } from './columns';
import { ContactName } from './contact-name';
import { DataTable, type Column } from './data-table';
import { ExportButton } from './export-button';

type Campaign = Schemas['Campaign'];
type Recipient = Schemas['Page_RecipientView']['items'][number];

const STATES = [
  'planned',
  'queued',
  'sending',
  'accepted',
  'sent',
  'delivered',
  'read',
  'failed',
  'not_sent',
  'left_out',
] as const;

/** Whom the campaign is for and whom it leaves out. */
export function CampaignRecipients({ campaign }: { campaign: Campaign }) {
  const { t } = useTranslation();
  const format = useFormat();
  const workspace = useWorkspaceId();
  const { id } = campaign;
  const funnel = useQuery(funnelQuery(workspace, campaign)).data;
  const isLive = LIVE.includes(campaign.status);
  const wordsOf = useCallback(
    (reason: string) => t(`campaigns.reasons.${reason}`, { defaultValue: reason.replaceAll('_', ' ') }),
    [t],
  );
  // What the API filters by is what the figures have counted.
  const reasons = useMemo(
    () => [...Object.keys(funnel?.left_out.reasons ?? {}), ...Object.keys(funnel?.failed.codes ?? {})],
    [funnel],
  );
  const columns = useMemo<Column<Recipient>[]>(
    () => [
      { id: 'contact', header: t('campaigns.contact'), cell: (one) => <ContactName id={one.contact_id} link /> },
      {
        id: 'phone',
        header: t('contacts.phone'),
        value: (one) => one.phone,
        filter: { kind: 'text' },
        cell: (one) => <bdi dir="ltr">{one.phone ?? '–'}</bdi>,
      },
      statusColumn<Recipient, 'state'>(t, t('common.state'), t('campaigns.listAll'), STATES, 'state'),
      {
        id: 'reason',
        header: t('campaigns.reason'),
        value: (one) => one.reason && wordsOf(one.reason),
        filter: {
          kind: 'choice',
          server: true,
          quick: true,
          all: t('campaigns.reasonAll'),
          of: (one) => (one.reason ? [one.reason] : []),
          options: reasons.map((value) => ({ value, label: wordsOf(value) })),
        },
        cell: (one) =>
          one.reason ? (
            <span title={one.outcome?.error_detail ?? undefined}>
              {wordsOf(one.reason)}
              {/^\d+$/.test(one.reason) && <span className="text-muted-foreground"> ({one.reason})</span>}
            </span>
          ) : (
            '–'
          ),
      },
      ...(campaign.experiment
        ? [
            {
              id: 'arm',
              header: t('experiment.arm'),
              value: (one: Recipient) => one.arm ?? (one.part && t(`experiment.parts.${one.part}`)),
              cell: (one: Recipient) => one.arm ?? (one.part ? t(`experiment.parts.${one.part}`) : '–'),
            },
          ]
        : []),
      {
        id: 'arrived_at',
        header: t('campaigns.arrivedAt'),
        value: (one) => one.outcome?.delivered_at ?? one.outcome?.read_at,
        cell: (one) => format.moment(one.outcome?.delivered_at ?? one.outcome?.read_at),
      },
      {
        id: 'read_at',
        header: t('campaigns.readAt'),
        hidden: true,
        value: (one) => one.outcome?.read_at,
        cell: (one) => format.moment(one.outcome?.read_at),
      },
      {
        id: 'clicked_at',
        header: t('campaigns.clickedAt'),
        value: (one) => one.clicked_at,
        cell: (one) => format.moment(one.clicked_at),
      },
      {
        id: 'converted_at',
        header: t('campaigns.convertedAt'),
        value: (one) => one.converted_at,
        cell: (one) =>
          one.converted_by?.startsWith('ord_') ? (
            <Link to="/orders/$id" params={{ id: one.converted_by }} className="underline">
              {format.moment(one.converted_at)}
            </Link>
          ) : (
            format.moment(one.converted_at)
          ),
      },
      {
        id: 'opted_out_at',
        header: t('campaigns.steps.opted_out'),
        hidden: true,
        value: (one) => one.opted_out_at,
        cell: (one) => format.moment(one.opted_out_at),
      },
      {
        id: 'language',
        header: t('common.language'),
        hidden: true,
        value: (one) => one.language,
        cell: (one) => one.language ?? '–',
      },
    ],
    [t, format, reasons, wordsOf, campaign.experiment],
  );
  return (
    <section aria-label={t('campaigns.list')} className="mt-6">
      <div className="mb-3 flex flex-wrap items-center justify-between gap-3">
        <h2 className="text-xl font-semibold">{t('campaigns.list')}</h2>
        <ExportButton rows={() => ({ kind: 'campaign_recipients', campaign_id: id })} />
      </div>
      <DataTable
        name="recipients"
        label={t('nav.contacts')}
        columns={columns}
        source={{
          key: [workspace, 'recipients', id],
          every: isLive ? LIVE_MS : undefined,
          load: ({ filters, limit, cursor }) => {
            const state = STATES.find((one) => one === filters.state);
            return answer(
              api.GET('/api/v1/messaging/campaigns/{id}/recipients', {
                params: { path: { id }, query: { state, reason: filters.reason, limit, cursor } },
              }),
            );
          },
        }}
        rowId={(one) => one.contact_id}
        empty={{ title: t('campaigns.listNone'), hint: t('campaigns.notPlanned') }}
      />
    </section>
  );
}
