import { useQuery } from '@tanstack/react-query';
import { useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { answer, api, tagged, type Schemas } from '@/api/client';
import { actionsColumn, activeColumn, activeOf, nameColumn, statusColumn, timeColumn } from '@/components/columns';
import { ContactName } from '@/components/contact-name';
import { DataTable, type Column } from '@/components/data-table';
import { AddButton, PageHead } from '@/components/page';
import { listOf, RecordDialog, tick } from '@/components/record-form';
import { EditButton } from '@/components/row-actions';
import { StateBadge } from '@/components/state-badge';
import { Tabs, useTab } from '@/components/tabs';
import { Badge } from '@/components/ui/badge';
import { inLanguage, useFormat } from '@/lib/format';
import { moneyOf, priceOf } from '@/lib/money';
import { useOpened } from '@/lib/opened';
import { plansQuery, useIs, useWorkspace, useWorkspaceId } from '@/lib/queries';
import { hasChanged, textGroups, textsToValues, valuesToTexts } from '@/lib/texts';

type Plan = Schemas['Plan'];
type Subscription = Schemas['Subscription'];

const STATES = ['pending', 'active', 'grace', 'expired', 'cancelled'] as const;

const readPlan = (id: string) => tagged(api.GET('/api/v1/plans/{id}', { params: { path: { id } } }));

function List() {
  const { t, i18n } = useTranslation();
  const workspace = useWorkspaceId();
  const format = useFormat();
  const maySave = useIs('admin');
  const [isNew, setNew] = useState(false);
  const plans = useQuery(plansQuery(workspace)).data?.items;
  const columns = useMemo<Column<Subscription>[]>(() => {
    const planOf = (one: Subscription) =>
      inLanguage(plans?.find((plan) => plan.id === one.plan_id)?.names, i18n.language);
    return [
      { id: 'contact', header: t('subscriptions.contact'), cell: (one) => <ContactName id={one.contact_id} /> },
      {
        id: 'plan',
        header: t('subscriptions.plan'),
        value: planOf,
        filter: {
          kind: 'choice',
          server: true,
          quick: true,
          all: t('subscriptions.allPlans'),
          of: (one) => [one.plan_id],
          options: (plans ?? []).map((plan) => ({ value: plan.id, label: inLanguage(plan.names, i18n.language) })),
        },
        cell: (one) => planOf(one) || '–',
      },
      {
        ...statusColumn<Subscription>(t, t('common.state'), t('subscriptions.all'), STATES),
        cell: (one) => (
          <span className="inline-flex flex-wrap gap-1">
            <StateBadge state={one.status} />
            {one.payment && <Badge tone="waiting">{t('subscriptions.paymentOpen')}</Badge>}
          </span>
        ),
      },
      timeColumn('starts', t('subscriptions.starts'), format.day, (one) => one.starts_at),
      timeColumn('ends', t('subscriptions.ends'), format.day, (one) => one.ends_at),
      timeColumn('created', t('common.created'), format.moment, (one) => one.created_at, true),
    ];
  }, [t, i18n.language, format, plans]);
  return (
    <>
      <PageHead title={t('nav.subscriptions')}>
        {maySave && <AddButton onClick={() => setNew(true)}>{t('subscriptions.add')}</AddButton>}
      </PageHead>
      <Parts />
      <DataTable
        name="subscriptions"
        label={t('nav.subscriptions')}
        columns={columns}
        source={{
          key: [workspace, 'subscriptions'],
          load: ({ filters, limit, cursor }) => {
            const status = STATES.find((one) => one === filters.status);
            const plan_id = filters.plan;
            return answer(api.GET('/api/v1/subscriptions', { params: { query: { status, plan_id, limit, cursor } } }));
          },
        }}
        rowId={(one) => one.id}
        href={(one) => `/subscriptions/${one.id}`}
        empty={{ title: t('subscriptions.none'), hint: t('subscriptions.noneHint') }}
      />
      <RecordDialog
        open={isNew}
        onOpenChange={setNew}
        title={t('subscriptions.add')}
        hint={t('subscriptions.addHint')}
        groups={[
          {
            fields: [
              {
                name: 'contact',
                label: t('subscriptions.contact'),
                kind: 'contact',
                required: true,
                pointer: 'contact_id',
              },
              {
                name: 'plan',
                label: t('subscriptions.plan'),
                kind: 'choice',
                required: true,
                pointer: 'plan_id',
                options: [
                  { value: '', label: t('campaigns.choose') },
                  ...(plans ?? [])
                    .filter((plan) => plan.active)
                    .map((plan) => {
                      const { minor, currency } = moneyOf(plan.price);
                      return {
                        value: plan.id,
                        label: `${inLanguage(plan.names, i18n.language)} · ${format.money(minor, currency)}`,
                      };
                    }),
                ],
              },
              {
                name: 'paid',
                label: t('subscriptions.paidUntil'),
                hint: t('subscriptions.paidUntilHint'),
                kind: 'date',
                pointer: 'ends_at',
              },
            ],
          },
        ]}
        save={(values) =>
          api.POST('/api/v1/subscriptions', {
            body: {
              contact_id: values.contact ?? '',
              plan_id: values.plan ?? '',
              ends_at: values.paid ? format.at(values.paid, '00:00') : null,
            },
          })
        }
      />
    </>
  );
}

function Plans() {
  const { t, i18n } = useTranslation();
  const workspaceId = useWorkspaceId();
  const workspace = useWorkspace();
  const format = useFormat();
  const maySave = useIs('admin');
  const opened = useOpened<Plan>(readPlan);
  const edit = opened.edit;
  const columns = useMemo<Column<Plan>[]>(() => {
    const nameOf = (one: Plan) => inLanguage(one.names, i18n.language);
    return [
      nameColumn(t('common.name'), nameOf),
      {
        id: 'price',
        header: t('subscriptions.price'),
        align: 'end',
        value: (one) => format.units(moneyOf(one.price).minor, moneyOf(one.price).currency),
        filter: { kind: 'number' },
        cell: (one) => format.money(moneyOf(one.price).minor, moneyOf(one.price).currency),
      },
      {
        id: 'period',
        header: t('subscriptions.period'),
        value: (one) => one.period.count * (one.period.unit === 'month' ? 30 : 1),
        cell: (one) => t(`subscriptions.units.${one.period.unit}`, { count: one.period.count }),
      },
      {
        id: 'grace',
        header: t('subscriptions.grace'),
        align: 'end',
        hidden: true,
        value: (one) => one.grace_days,
        cell: (one) => format.number(one.grace_days),
      },
      activeColumn(t, t('subscriptions.allPlans')),
      ...actionsColumn(maySave, (one: Plan) => <EditButton name={nameOf(one)} onClick={() => edit(one.id)} />),
    ];
  }, [t, i18n.language, format, maySave]);
  const currency = opened.of ? moneyOf(opened.of.data.price).currency : (workspace?.currency ?? 'USD');
  return (
    <>
      <PageHead title={t('nav.subscriptions')}>
        {maySave && <AddButton onClick={opened.add}>{t('subscriptions.addPlan')}</AddButton>}
      </PageHead>
      <Parts />
      <DataTable
        name="plans"
        label={t('subscriptions.plans')}
        columns={columns}
        source={{
          key: [workspaceId, 'plans'],
          load: ({ filters, limit, cursor }) => {
            const active = activeOf(filters);
            return answer(api.GET('/api/v1/plans', { params: { query: { active, limit, cursor } } }));
          },
        }}
        rowId={(one) => one.id}
        onRow={maySave ? (one) => opened.edit(one.id) : undefined}
        empty={{ title: t('subscriptions.plansNone'), hint: t('subscriptions.plansHint') }}
      />
      <RecordDialog
        {...opened.dialog}
        title={opened.of ? t('subscriptions.editPlan') : t('subscriptions.addPlan')}
        initial={{ unit: 'month', count: '1', grace: '3', remind: '7, 3, 1', active: tick(true) }}
        valuesOf={(one) => ({
          price: format.amount(moneyOf(one.price).minor, moneyOf(one.price).currency),
          grace: String(one.grace_days),
          remind: one.remind_days.join(', '),
          active: tick(one.active),
          ...textsToValues('name', one.names),
          ...textsToValues('description', one.descriptions),
        })}
        groups={[
          {
            beside: true,
            fields: [
              {
                name: 'price',
                label: `${t('subscriptions.price')} (${currency})`,
                kind: 'number',
                step: 'any',
                required: true,
              },
              ...(opened.of
                ? []
                : [
                    {
                      name: 'count',
                      label: t('subscriptions.length'),
                      hint: t('subscriptions.lengthHint'),
                      kind: 'number' as const,
                      required: true,
                    },
                    {
                      name: 'unit',
                      label: t('subscriptions.unit'),
                      kind: 'choice' as const,
                      options: ['day', 'month'].map((one) => ({
                        value: one,
                        label: t(`subscriptions.unitNames.${one}`),
                      })),
                    },
                  ]),
              {
                name: 'grace',
                label: t('subscriptions.grace'),
                hint: t('subscriptions.graceHint'),
                kind: 'number',
                pointer: 'grace_days',
              },
              {
                name: 'remind',
                label: t('subscriptions.remind'),
                hint: t('subscriptions.remindHint'),
                pointer: 'remind_days',
                dir: 'ltr',
              },
            ],
          },
          ...(opened.of
            ? [{ fields: [{ name: 'active', label: t('subscriptions.sold'), kind: 'check' as const }] }]
            : []),
          ...textGroups(workspace, [
            { name: 'name', label: t('common.name'), path: 'names.*', required: true },
            { name: 'description', label: t('products.description'), path: 'descriptions.*', kind: 'area' },
          ]),
        ]}
        save={(values, changed, etag) => {
          const before = opened.of?.data;
          const names = valuesToTexts('name', values, before?.names);
          const descriptions = valuesToTexts('description', values, before?.descriptions);
          const price = priceOf({ minor: format.minor(values.price ?? '', currency), currency });
          const grace_days = Number(values.grace || 0);
          const remind_days = listOf(values.remind).map(Number);
          if (!before)
            return api.POST('/api/v1/plans', {
              body: {
                names,
                descriptions,
                price,
                grace_days,
                remind_days,
                period: { count: Number(values.count), unit: values.unit === 'day' ? 'day' : 'month' },
              },
            });
          return api.PATCH('/api/v1/plans/{id}', {
            params: { path: { id: before.id }, header: { 'If-Match': etag } },
            body: {
              ...(changed.has('price') && { price }),
              ...(changed.has('grace') && { grace_days }),
              ...(changed.has('remind') && { remind_days }),
              ...(changed.has('active') && { active: values.active === 'yes' }),
              ...(hasChanged(changed, 'name') && { names }),
              ...(hasChanged(changed, 'description') && { descriptions }),
            },
          });
        }}
      />
    </>
  );
}

const PARTS = ['subscriptions', 'plans'];

function Parts() {
  const { t } = useTranslation();
  return (
    <Tabs
      label={t('nav.subscriptions')}
      tabs={[
        { id: 'subscriptions', label: t('nav.subscriptions') },
        { id: 'plans', label: t('subscriptions.plans') },
      ]}
    />
  );
}

export function Subscriptions() {
  return useTab(PARTS) === 'plans' ? <Plans /> : <List />;
}
