import { Link } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import type { Schemas } from '@/api/client';
import { EVERYBODY, faultAt, OWN, type Draft } from '@/lib/campaign';
import { SegmentSize } from '@/pages/segments';
import { Button } from './ui/button';

/** Whom a campaign is for. */
export function CampaignAudience({
  draft,
  own,
  segments,
  faults,
  onChange,
}: {
  draft: Draft;
  /** The campaign's own rule, if it has one. */
  own: Schemas['Campaign']['audience'];
  segments: Schemas['Segment'][] | undefined;
  faults: Record<string, string>;
  onChange: (patch: Partial<Draft>) => void;
}) {
  const { t } = useTranslation();
  const fault = faultAt(faults, '/segment_id') ?? faultAt(faults, '/audience');
  const choices = [
    ...(segments ?? []).map(({ id, name }) => ({ id, name, isSegment: true })),
    ...(own ? [{ id: OWN, name: t('campaigns.ownAudience'), isSegment: false }] : []),
    { id: EVERYBODY, name: t('campaigns.everybody'), isSegment: false },
  ];
  return (
    <fieldset className="grid gap-2">
      <legend className="mb-2 text-sm font-medium">{t('campaigns.audienceWho')}</legend>
      {choices.map((one) => (
        <label
          key={one.id}
          className="flex cursor-pointer items-center gap-3 rounded-md border p-3 has-checked:border-primary has-checked:bg-accent"
        >
          <input
            type="radio"
            name="segment"
            className="size-4 accent-[var(--ring)]"
            checked={draft.audience === one.id}
            onChange={() => onChange({ audience: one.id })}
          />
          <bdi className="grow font-medium">{one.name}</bdi>
          {one.isSegment && (
            <span className="text-sm text-muted-foreground">
              <SegmentSize id={one.id} />
            </span>
          )}
        </label>
      ))}
      {fault && (
        <p role="alert" className="text-sm text-destructive-text">
          {fault}
        </p>
      )}
      <Button asChild variant="link" className="justify-self-start px-0">
        <Link to="/segments">{t('campaigns.segmentNew')}</Link>
      </Button>
    </fieldset>
  );
}
