import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { api, type Schemas } from '@/api/client';
import { Fact, Facts, PageHead } from '@/components/page';
import { listOf, RecordForm, type Values } from '@/components/record-form';
import { Tabs, useTab } from '@/components/tabs';
import { Failed, Loading } from '@/components/states';
import { Card } from '@/components/ui/card';
import { useFormat } from '@/lib/format';
import { LANGUAGE_OPTIONS } from '@/lib/i18n';
import { currencyOptions } from '@/lib/money';
import { readWorkspace, taggedWorkspaceQuery, useIs, useWorkspaceId } from '@/lib/queries';
import { languageName, textGroups, textsToValues, valuesToTexts } from '@/lib/texts';
import { timeZonesWith } from '@/lib/zones';
import { DeleteWorkspace } from './settings-delete';
import { LeaveWorkspace } from './settings-leave';
import { BusinessHours } from './settings-hours';
import { ContactFields, Stripe } from './settings-more';
import { Tags } from './settings-tags';
import { Prices } from './settings-prices';

type View = Schemas['WorkspaceView'];

function valuesOf(one: View): Values {
  return {
    name: one.name,
    zone: one.time_zone,
    country: one.country ?? '',
    currency: one.currency,
    languages: one.languages.join(','),
    first: one.default_language,
    from: one.settings.quiet_hours?.from ?? '',
    until: one.settings.quiet_hours?.until ?? '',
    gather: one.settings.gather_seconds == null ? '' : String(one.settings.gather_seconds),
    ...textsToValues('out', one.settings.opt_out_texts ?? {}),
  };
}

function Workspace() {
  const { t, i18n } = useTranslation();
  const workspaceId = useWorkspaceId();
  const format = useFormat();
  const maySave = useIs('admin');
  const isOwner = useIs('owner');
  const queries = useQueryClient();
  const query = useQuery(taggedWorkspaceQuery(workspaceId));
  if (query.isPending) return <Loading />;
  if (query.isError) return <Failed error={query.error} retry={() => void query.refetch()} />;
  const one = query.data.data;
  const form = (
    <Card className="max-w-3xl">
      {maySave ? (
        <RecordForm
          key={one.id}
          of={query.data}
          valuesOf={valuesOf}
          read={readWorkspace}
          groups={[
            {
              beside: true,
              fields: [
                { name: 'name', label: t('common.name'), required: true },
                {
                  name: 'zone',
                  label: t('settings.zone'),
                  hint: t('settings.zoneHint'),
                  kind: 'choice',
                  options: timeZonesWith(one.time_zone),
                  pointer: 'time_zone',
                },
                { name: 'country', label: t('settings.country'), hint: t('settings.countryHint'), dir: 'ltr' },
                {
                  name: 'currency',
                  label: t('settings.currency'),
                  hint: t('settings.currencyHint'),
                  kind: 'choice',
                  options: currencyOptions(i18n.language),
                },
              ],
            },
            {
              fields: [
                { name: 'languages', label: t('settings.languages'), kind: 'many', options: LANGUAGE_OPTIONS },
                {
                  name: 'first',
                  label: t('settings.first'),
                  hint: t('settings.firstHint'),
                  kind: 'choice',
                  options: LANGUAGE_OPTIONS,
                  pointer: 'default_language',
                },
              ],
            },
            {
              legend: t('settings.quiet'),
              beside: true,
              fields: [
                {
                  name: 'from',
                  label: t('common.from'),
                  kind: 'time',
                  hint: t('settings.quietHint'),
                  pointer: 'settings.quiet_hours.from',
                },
                { name: 'until', label: t('common.until'), kind: 'time', pointer: 'settings.quiet_hours.until' },
              ],
            },
            {
              fields: [
                {
                  name: 'gather',
                  label: t('settings.gather'),
                  hint: t('settings.gatherHint'),
                  kind: 'number',
                  pointer: 'settings.gather_seconds',
                },
              ],
            },
            ...textGroups(one, [
              {
                name: 'out',
                label: t('settings.optOut'),
                hint: t('settings.optOutHint'),
                path: 'settings.opt_out_texts.*',
                kind: 'area',
              },
            ]),
          ]}
          check={(values) =>
            Boolean(values.from) === Boolean(values.until) ? undefined : { until: t('settings.quietBoth') }
          }
          save={async (values, changed, etag, before) => {
            await api.PATCH('/api/v1/workspaces/current', {
              params: { header: { 'If-Match': etag ?? '' } },
              body: {
                ...(changed.has('name') && { name: values.name?.trim() }),
                ...(changed.has('zone') && { time_zone: values.zone }),
                ...(changed.has('country') && { country: values.country?.trim().toUpperCase() || null }),
                ...(changed.has('currency') && { currency: values.currency }),
                ...(changed.has('languages') && { languages: listOf(values.languages) }),
                ...(changed.has('first') && { default_language: values.first }),
                ...([...changed].some((name) => /^(from|until|gather|out:.*)$/.test(name)) && {
                  settings: {
                    ...before?.settings,
                    quiet_hours: values.from && values.until ? { from: values.from, until: values.until } : null,
                    gather_seconds: values.gather ? Number(values.gather) : null,
                    opt_out_texts: valuesToTexts('out', values, before?.settings.opt_out_texts),
                  },
                }),
              },
            });
            await queries.invalidateQueries({ queryKey: ['workspaces'] });
          }}
        />
      ) : (
        <Facts>
          <Fact label={t('common.name')}>{one.name}</Fact>
          <Fact label={t('settings.zone')}>{one.time_zone}</Fact>
          <Fact label={t('settings.currency')}>{one.currency}</Fact>
          <Fact label={t('settings.languages')}>{one.languages.map(languageName).join(', ')}</Fact>
          <Fact label={t('settings.quiet')}>
            {one.settings.quiet_hours
              ? `${one.settings.quiet_hours.from} – ${one.settings.quiet_hours.until}`
              : t('common.none')}
          </Fact>
          <Fact label={t('common.created')}>{format.day(one.created_at)}</Fact>
        </Facts>
      )}
    </Card>
  );
  return (
    <>
      {form}
      <LeaveWorkspace name={one.name} />
      {isOwner && <DeleteWorkspace name={one.name} />}
    </>
  );
}

export function Settings() {
  const { t } = useTranslation();
  const tab = useTab(['workspace', 'hours', 'fields', 'tags', 'prices', 'stripe']);
  return (
    <>
      <PageHead title={t('nav.workspace')} />
      <Tabs
        label={t('nav.workspace')}
        tabs={[
          { id: 'workspace', label: t('nav.workspace') },
          { id: 'hours', label: t('hours.title') },
          { id: 'fields', label: t('fields.title') },
          { id: 'tags', label: t('contacts.tags') },
          { id: 'prices', label: t('prices.title') },
          { id: 'stripe', label: t('stripe.title') },
        ]}
      />
      {tab === 'workspace' && <Workspace />}
      {tab === 'hours' && <BusinessHours />}
      {tab === 'fields' && <ContactFields />}
      {tab === 'tags' && <Tags />}
      {tab === 'prices' && <Prices />}
      {tab === 'stripe' && <Stripe />}
    </>
  );
}
