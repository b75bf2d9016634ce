import { useTranslation } from 'react-i18next';
import type { Schemas } from '@/api/client';
import { EMPTY_WORDS } from '@/lib/campaign-words';
import { faultAt, type Draft } from '@/lib/campaign';
import { NO_TEST } from '@/lib/experiment';
import { CATEGORIES, CampaignWords } from './campaign-words';
import { Field } from './field';
import { Input, NativeSelect } from './ui/input';

/** The templates that a campaign of this channel can send. */
export function usableTemplates(templates: Schemas['Template'][] | undefined, channel: Schemas['Channel'] | undefined) {
  return (templates ?? []).filter(
    (one) =>
      one.status === 'approved' &&
      one.account_id === channel?.account_id &&
      CATEGORIES.some((category) => category === one.category),
  );
}

/** What a campaign says: its channel, its template and the values of the template's places. */
export function CampaignMessage({
  draft,
  channels,
  usable,
  faults,
  onChange,
}: {
  draft: Draft;
  channels: Schemas['Channel'][] | undefined;
  usable: Schemas['Template'][];
  /** By the API's pointers. */
  faults: Record<string, string>;
  onChange: (patch: Partial<Draft>) => void;
}) {
  const { t } = useTranslation();
  const at = (pointer: string) => faultAt(faults, pointer);
  return (
    <div className="grid gap-4">
      <Field label={t('campaigns.name')} error={at('/name')}>
        <Input
          autoComplete="off"
          maxLength={200}
          value={draft.name}
          onChange={(event) => onChange({ name: event.target.value })}
        />
      </Field>
      <Field
        label={t('campaigns.channel')}
        hint={channels?.length === 0 ? t('channels.noneHint') : undefined}
        error={at('/channel_id')}
      >
        <NativeSelect
          value={draft.channel}
          onChange={(event) => onChange({ ...EMPTY_WORDS, test: NO_TEST, channel: event.target.value })}
        >
          <option value="">{t('campaigns.choose')}</option>
          {channels?.map((one) => (
            <option key={one.id} value={one.id}>
              {one.name} {one.display_phone}
            </option>
          ))}
        </NativeSelect>
      </Field>
      <CampaignWords words={draft} usable={draft.channel ? usable : undefined} faults={faults} onChange={onChange} />
      <Field
        label={t('campaigns.conversionDays')}
        hint={t('campaigns.conversionDaysHint')}
        error={at('/conversion_days')}
      >
        <Input
          type="number"
          min={1}
          max={90}
          className="max-w-32"
          value={draft.days}
          onChange={(event) => onChange({ days: event.target.value })}
        />
      </Field>
    </div>
  );
}
