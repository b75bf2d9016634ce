// A user makes a workspace, and is its owner.

import { useQueryClient } from '@tanstack/react-query';
import { Link, useNavigate } from '@tanstack/react-router';
import { ArrowLeftIcon } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { answer, api, enter } from '@/api/client';
import { Entrance } from '@/components/entrance';
import { RecordForm } from '@/components/record-form';
import { LANGUAGE_OPTIONS } from '@/lib/i18n';
import { currencyOptions } from '@/lib/money';
import { timeZonesWith } from '@/lib/zones';

/** The country of the reader's language, as a first guess: `en-KE`. */
function countryHere() {
  return navigator.languages.map((one) => new Intl.Locale(one).region).find((one) => one?.length === 2) ?? '';
}

export function NewWorkspace() {
  const { t, i18n } = useTranslation();
  const navigate = useNavigate();
  const queries = useQueryClient();
  const zone = Intl.DateTimeFormat().resolvedOptions().timeZone;
  return (
    <Entrance>
      <Link
        to="/workspaces"
        className="mb-2 inline-flex items-center gap-1 text-sm text-muted-foreground hover:text-foreground"
      >
        <ArrowLeftIcon className="size-4 rtl:rotate-180" aria-hidden />
        {t('workspaces.title')}
      </Link>
      <h1 className="mb-2 text-2xl font-bold sm:text-[2rem]">{t('workspaces.new')}</h1>
      <p className="mb-6 text-muted-foreground">{t('workspaces.newHint')}</p>
      <RecordForm
        initial={{ country: countryHere(), currency: 'USD', zone, language: i18n.language }}
        groups={[
          {
            fields: [
              { name: 'name', label: t('workspaces.business'), required: true, autoComplete: 'organization' },
              { name: 'country', label: t('settings.country'), hint: t('settings.countryHint'), dir: 'ltr' },
              {
                name: 'currency',
                label: t('settings.currency'),
                hint: t('settings.currencyHint'),
                kind: 'choice',
                options: currencyOptions(i18n.language),
              },
              {
                name: 'zone',
                label: t('settings.zone'),
                hint: t('settings.zoneHint'),
                kind: 'choice',
                options: timeZonesWith(zone),
                pointer: 'time_zone',
              },
              {
                name: 'language',
                label: t('settings.first'),
                hint: t('settings.firstHint'),
                kind: 'choice',
                options: LANGUAGE_OPTIONS,
                pointer: 'default_language',
              },
            ],
          },
        ]}
        action={t('workspaces.make')}
        done={t('workspaces.made')}
        save={async (values) => {
          const made = await answer(
            api.POST('/api/v1/workspaces', {
              body: {
                name: values.name?.trim() ?? '',
                country: values.country?.trim().toUpperCase() || null,
                currency: values.currency,
                time_zone: values.zone,
                default_language: values.language,
              },
            }),
          );
          enter(await answer(api.POST('/api/v1/me/workspace', { body: { workspace_id: made.id } })));
          await queries.invalidateQueries({ queryKey: ['workspaces'] });
          await queries.invalidateQueries({ queryKey: ['me'] });
          await navigate({ to: '/' });
        }}
        onDone={() => undefined}
      />
    </Entrance>
  );
}
