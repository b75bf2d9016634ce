// When the business answers, and what the bot says while it is closed.

import { useQuery } from '@tanstack/react-query';
import { useCallback, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { api, type Schemas } from '@/api/client';
import { Fact, Facts } from '@/components/page';
import { RecordForm, tick, type Values } from '@/components/record-form';
import { SpecialDays } from '@/components/special-days';
import { Failed, Loading } from '@/components/states';
import { Card } from '@/components/ui/card';
import { weekdayNames, WeekHours } from '@/components/week-hours';
import { readWorkspace, taggedWorkspaceQuery, useIs, useWorkspaceId } from '@/lib/queries';
import { hasChanged, textGroups, textsToValues, valuesToTexts } from '@/lib/texts';

type View = Schemas['WorkspaceView'];
type Opening = Schemas['Opening'];
type SpecialDay = Schemas['SpecialDay'];

const WORKDAYS: Opening[] = [1, 2, 3, 4, 5].map((weekday) => ({ from: '09:00', until: '17:00', weekday }));

/** A form keeps texts, so the hours are JSON there. */
const weekOf = (text: string) => JSON.parse(text || '[]') as Opening[];
const specialOf = (text: string) => JSON.parse(text || '[]') as SpecialDay[];

function valuesOf({ settings }: View): Values {
  return {
    has: tick(settings.business_hours != null),
    week: JSON.stringify(settings.business_hours?.week ?? WORKDAYS),
    special: JSON.stringify(settings.business_hours?.special ?? []),
    ...textsToValues('closed', settings.closed_texts ?? {}),
  };
}

/** The hours in words, a line for each day. */
function useWords() {
  const { t, i18n } = useTranslation();
  const hours = (list: Schemas['Hours'][]) =>
    list.map((one) => `${one.from} – ${one.until}`).join(', ') || t('hours.closed');
  return {
    week: (week: Opening[]) =>
      weekdayNames(i18n.language).map(
        (name, index) => `${name}: ${hours(week.filter((one) => one.weekday === index + 1))}`,
      ),
    special: (days: SpecialDay[]) => days.map((one) => `${one.day}: ${hours(one.hours)}`),
  };
}

export function BusinessHours() {
  const { t } = useTranslation();
  const maySave = useIs('admin');
  const words = useWords();
  const query = useQuery(taggedWorkspaceQuery(useWorkspaceId()));
  const [has, setHas] = useState(false);
  const onValues = useCallback((values: Values) => setHas(values.has === 'yes'), []);
  if (query.isPending) return <Loading />;
  if (query.isError) return <Failed error={query.error} retry={() => void query.refetch()} />;
  const one = query.data.data;
  const hours = one.settings.business_hours;
  if (!maySave)
    return (
      <Card className="max-w-3xl">
        <Facts>
          <Fact label={t('hours.week')}>
            {hours ? words.week(hours.week).map((line) => <div key={line}>{line}</div>) : t('hours.always')}
          </Fact>
          {hours?.special?.length ? (
            <Fact label={t('hours.special')}>
              {words.special(hours.special).map((line) => (
                <div key={line}>{line}</div>
              ))}
            </Fact>
          ) : null}
        </Facts>
      </Card>
    );
  return (
    <Card className="max-w-3xl">
      <RecordForm
        key={one.id}
        of={query.data}
        valuesOf={valuesOf}
        read={readWorkspace}
        onValues={onValues}
        groups={[
          { fields: [{ name: 'has', label: t('hours.has'), hint: t('hours.hasHint'), kind: 'check' }] },
          {
            hidden: !has,
            fields: [
              {
                name: 'week',
                label: t('hours.week'),
                hint: t('hours.weekHint', { zone: one.time_zone }),
                render: (value, onChange) => (
                  <WeekHours week={weekOf(value)} onChange={(week) => onChange(JSON.stringify(week))} />
                ),
                words: (value) => words.week(weekOf(value)).join('; '),
              },
              {
                name: 'special',
                label: t('hours.special'),
                hint: t('hours.specialHint'),
                render: (value, onChange) => (
                  <SpecialDays days={specialOf(value)} onChange={(days) => onChange(JSON.stringify(days))} />
                ),
                words: (value) => words.special(specialOf(value)).join('; '),
              },
            ],
          },
          ...textGroups(one, [
            {
              name: 'closed',
              label: t('hours.closedText'),
              hint: t('hours.closedHint'),
              path: 'settings.closed_texts.*',
              kind: 'area',
            },
          ]).map((group) => ({ ...group, hidden: !has })),
        ]}
        save={(values, changed, etag, before) =>
          api.PATCH('/api/v1/workspaces/current', {
            params: { header: { 'If-Match': etag ?? '' } },
            body: {
              settings: {
                ...before?.settings,
                business_hours:
                  values.has === 'yes'
                    ? { week: weekOf(values.week ?? ''), special: specialOf(values.special ?? '') }
                    : null,
                ...(hasChanged(changed, 'closed') && {
                  closed_texts: valuesToTexts('closed', values, before?.settings.closed_texts),
                }),
              },
            },
          })
        }
      />
    </Card>
  );
}
