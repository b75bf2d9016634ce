import { useQuery } from '@tanstack/react-query';
import { ClockIcon } from 'lucide-react';
import { useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { answer, api, tagged, type Schemas } from '@/api/client';
import { actionsColumn, activeColumn, activeOf, nameColumn } from '@/components/columns';
import { DataTable, type Column, type Edit } from '@/components/data-table';
import { AddButton, PageHead } from '@/components/page';
import { listOf, RecordDialog, tick } from '@/components/record-form';
import { EditButton, RowButton } from '@/components/row-actions';
import { Tabs, useTab } from '@/components/tabs';
import { inLanguage, useFormat } from '@/lib/format';
import { useOpened } from '@/lib/opened';
import { staffQuery, useIs, useWorkspace, useWorkspaceId } from '@/lib/queries';
import { hasChanged, textGroups, textsToValues, valuesToTexts } from '@/lib/texts';
import { timeZonesWith } from '@/lib/zones';
import { Hours, readStaff } from './services-hours';

type Offering = Schemas['Offering'];
type Staff = Schemas['Provider'];

const KINDS = ['person', 'room', 'desk'] as const;

const readOffering = (id: string) => tagged(api.GET('/api/v1/offerings/{id}', { params: { path: { id } } }));
const offeringInPlace: Pick<Edit<Offering>, 'kind' | 'read' | 'save'> = {
  kind: 'number',
  read: ({ id }) => readOffering(id),
  save: (body, { data: { id }, etag }) =>
    answer(api.PATCH('/api/v1/offerings/{id}', { params: { path: { id }, header: { 'If-Match': etag } }, body })),
};

function Offerings() {
  const { t, i18n } = useTranslation();
  const workspaceId = useWorkspaceId();
  const workspace = useWorkspace();
  const format = useFormat();
  const maySave = useIs('admin');
  const staff = useQuery(staffQuery(workspaceId)).data?.items;
  const opened = useOpened<Offering>(readOffering);
  const edit = opened.edit;
  const currency = opened.of?.data.currency ?? workspace?.currency ?? 'USD';
  const columns = useMemo<Column<Offering>[]>(() => {
    const nameOf = (one: Offering) => inLanguage(one.names, i18n.language);
    const staffOf = (one: Offering) =>
      one.provider_ids.map((id) => staff?.find((each) => each.id === id)?.name ?? '…').join(', ');
    return [
      nameColumn(t('common.name'), nameOf),
      {
        id: 'minutes',
        header: t('services.minutes'),
        align: 'end',
        value: (one) => one.duration_minutes,
        filter: { kind: 'number' },
        cell: (one) => format.number(one.duration_minutes),
        edit: maySave && {
          ...offeringInPlace,
          required: true,
          text: (one) => String(one.duration_minutes),
          change: (text) => ({ duration_minutes: Number(text) }),
        },
      },
      {
        id: 'price',
        header: t('products.price'),
        align: 'end',
        value: (one) => (one.price_minor == null || !one.currency ? null : format.units(one.price_minor, one.currency)),
        filter: { kind: 'number' },
        cell: (one) => format.money(one.price_minor, one.currency),
        edit: maySave && {
          ...offeringInPlace,
          text: (one) =>
            one.price_minor == null ? '' : String(format.units(one.price_minor, one.currency ?? currency)),
          change: (text, one) => ({ price_minor: text ? format.minor(text, one.currency ?? currency) : null }),
        },
      },
      { id: 'staff', header: t('services.staff'), value: staffOf, filter: { kind: 'text' }, cell: staffOf },
      activeColumn(t, t('services.all')),
      ...actionsColumn(maySave, (one: Offering) => <EditButton name={nameOf(one)} onClick={() => edit(one.id)} />),
    ];
  }, [t, i18n.language, format, staff, maySave, currency]);
  return (
    <>
      <PageHead title={t('nav.services')}>
        {maySave && <AddButton onClick={opened.add}>{t('services.add')}</AddButton>}
      </PageHead>
      <Parts />
      <DataTable
        name="offerings"
        label={t('nav.services')}
        columns={columns}
        source={{
          key: [workspaceId, 'offerings', 'list'],
          load: ({ filters, limit, cursor }) => {
            const active = activeOf(filters);
            return answer(api.GET('/api/v1/offerings', { params: { query: { active, limit, cursor } } }));
          },
        }}
        rowId={(one) => one.id}
        onRow={maySave ? (one) => opened.edit(one.id) : undefined}
        empty={{ title: t('services.none'), hint: t('services.noneHint') }}
      />
      <RecordDialog
        {...opened.dialog}
        title={opened.of ? t('services.edit') : t('services.add')}
        initial={{
          minutes: '30',
          buffer: '0',
          step: '15',
          notice: '60',
          ahead: '60',
          remind: '1440, 120',
          active: tick(true),
        }}
        valuesOf={(one) => ({
          minutes: String(one.duration_minutes),
          buffer: String(one.buffer_minutes),
          step: String(one.step_minutes),
          notice: String(one.min_ahead_minutes),
          ahead: String(one.max_ahead_days),
          remind: one.reminder_minutes.join(', '),
          price: one.price_minor == null ? '' : format.amount(one.price_minor, currency),
          staff: one.provider_ids.join(','),
          active: tick(one.active),
          ...textsToValues('name', one.names),
        })}
        groups={[
          ...textGroups(workspace, [{ name: 'name', label: t('common.name'), path: 'names.*', required: true }]),
          {
            beside: true,
            fields: [
              {
                name: 'minutes',
                label: t('services.minutes'),
                kind: 'number',
                required: true,
                pointer: 'duration_minutes',
              },
              {
                name: 'price',
                label: `${t('products.price')} (${currency})`,
                hint: t('services.priceHint'),
                kind: 'number',
                step: 'any',
                pointer: 'price_minor',
              },
              {
                name: 'buffer',
                label: t('services.buffer'),
                hint: t('services.bufferHint'),
                kind: 'number',
                pointer: 'buffer_minutes',
              },
              {
                name: 'step',
                label: t('services.step'),
                hint: t('services.stepHint'),
                kind: 'number',
                pointer: 'step_minutes',
              },
              { name: 'notice', label: t('services.notice'), kind: 'number', pointer: 'min_ahead_minutes' },
              { name: 'ahead', label: t('services.ahead'), kind: 'number', pointer: 'max_ahead_days' },
              {
                name: 'remind',
                label: t('services.remind'),
                hint: t('services.remindHint'),
                dir: 'ltr',
                pointer: 'reminder_minutes',
              },
            ],
          },
          {
            fields: [
              {
                name: 'staff',
                label: t('services.staff'),
                kind: 'many',
                pointer: 'provider_ids',
                options: (staff ?? []).map((one) => ({ value: one.id, label: one.name })),
              },
              ...(opened.of ? [{ name: 'active', label: t('services.bookable'), kind: 'check' as const }] : []),
            ],
          },
        ]}
        save={(values, changed, etag) => {
          const before = opened.of?.data;
          const names = valuesToTexts('name', values, before?.names);
          const body = {
            duration_minutes: Number(values.minutes),
            buffer_minutes: Number(values.buffer),
            step_minutes: Number(values.step),
            min_ahead_minutes: Number(values.notice),
            max_ahead_days: Number(values.ahead),
            reminder_minutes: listOf(values.remind).map(Number),
            price_minor: values.price ? format.minor(values.price, currency) : null,
            provider_ids: listOf(values.staff),
          };
          if (!before) return api.POST('/api/v1/offerings', { body: { ...body, names } });
          const parts: Record<string, keyof typeof body> = {
            minutes: 'duration_minutes',
            buffer: 'buffer_minutes',
            step: 'step_minutes',
            notice: 'min_ahead_minutes',
            ahead: 'max_ahead_days',
            remind: 'reminder_minutes',
            price: 'price_minor',
            staff: 'provider_ids',
          };
          const differing = [...changed].map((name) => parts[name]).filter((name) => name !== undefined);
          return api.PATCH('/api/v1/offerings/{id}', {
            params: { path: { id: before.id }, header: { 'If-Match': etag } },
            body: {
              ...Object.fromEntries(differing.map((name) => [name, body[name]])),
              ...(changed.has('active') && { active: values.active === 'yes' }),
              ...(hasChanged(changed, 'name') && { names }),
            },
          });
        }}
      />
    </>
  );
}

function People() {
  const { t } = useTranslation();
  const workspaceId = useWorkspaceId();
  const workspace = useWorkspace();
  const maySave = useIs('admin');
  const [hours, setHours] = useState<Staff | null>(null);
  const opened = useOpened<Staff>(readStaff);
  const edit = opened.edit;
  const columns = useMemo<Column<Staff>[]>(
    () => [
      nameColumn(t('common.name'), (one) => one.name),
      {
        id: 'kind',
        header: t('services.kind'),
        value: (one) => one.kind,
        filter: { kind: 'choice', options: KINDS.map((value) => ({ value, label: t(`services.kinds.${value}`) })) },
        cell: (one) => t(`services.kinds.${one.kind}`),
      },
      { id: 'zone', header: t('settings.zone'), value: (one) => one.zone, cell: (one) => one.zone },
      activeColumn(t, t('bookings.allStaff')),
      ...actionsColumn(maySave, (one: Staff) => (
        <>
          <RowButton words={t('services.hours')} name={one.name} onClick={() => setHours(one)}>
            <ClockIcon aria-hidden />
          </RowButton>
          <EditButton name={one.name} onClick={() => edit(one.id)} />
        </>
      )),
    ],
    [t, maySave],
  );
  return (
    <>
      <PageHead title={t('nav.services')}>
        {maySave && <AddButton onClick={opened.add}>{t('services.addStaff')}</AddButton>}
      </PageHead>
      <Parts />
      <DataTable
        name="staff"
        label={t('services.staff')}
        columns={columns}
        source={{
          key: [workspaceId, 'staff', 'list'],
          load: ({ filters, limit, cursor }) => {
            const active = activeOf(filters);
            return answer(api.GET('/api/v1/providers', { params: { query: { active, limit, cursor } } }));
          },
        }}
        rowId={(one) => one.id}
        onRow={maySave ? setHours : undefined}
        empty={{ title: t('services.staffNone'), hint: t('services.staffHint') }}
      />
      <RecordDialog
        {...opened.dialog}
        title={opened.of ? t('services.editStaff') : t('services.addStaff')}
        initial={{ kind: 'person', zone: workspace?.time_zone ?? 'UTC', active: tick(true) }}
        valuesOf={(one) => ({ name: one.name, kind: one.kind, zone: one.zone, active: tick(one.active) })}
        groups={[
          {
            fields: [
              { name: 'name', label: t('common.name'), required: true },
              {
                name: 'kind',
                label: t('services.kind'),
                kind: 'choice',
                options: KINDS.map((value) => ({ value, label: t(`services.kinds.${value}`) })),
              },
              {
                name: 'zone',
                label: t('settings.zone'),
                kind: 'choice',
                options: timeZonesWith(opened.of?.data.zone ?? workspace?.time_zone),
              },
              ...(opened.of ? [{ name: 'active', label: t('services.bookable'), kind: 'check' as const }] : []),
            ],
          },
        ]}
        save={(values, changed, etag) => {
          const before = opened.of?.data;
          const body = {
            name: values.name?.trim() ?? '',
            kind: KINDS.find((one) => one === values.kind) ?? 'person',
            zone: values.zone ?? 'UTC',
          };
          if (!before) return api.POST('/api/v1/providers', { body });
          return api.PATCH('/api/v1/providers/{id}', {
            params: { path: { id: before.id }, header: { 'If-Match': etag } },
            body: {
              ...(changed.has('name') && { name: body.name }),
              ...(changed.has('kind') && { kind: body.kind }),
              ...(changed.has('zone') && { zone: body.zone }),
              ...(changed.has('active') && { active: values.active === 'yes' }),
            },
          });
        }}
      />
      <Hours staff={hours} onClose={() => setHours(null)} />
    </>
  );
}

function Parts() {
  const { t } = useTranslation();
  return (
    <Tabs
      label={t('nav.services')}
      tabs={[
        { id: 'offerings', label: t('nav.services') },
        { id: 'staff', label: t('services.staff') },
      ]}
    />
  );
}

export function Services() {
  return useTab(['offerings', 'staff']) === 'staff' ? <People /> : <Offerings />;
}
