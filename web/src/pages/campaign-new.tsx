import { useQuery, useQueryClient } from '@tanstack/react-query';
import { Link, useNavigate, useParams, useSearch } from '@tanstack/react-router';
import { SendIcon, SplitIcon } from 'lucide-react';
import { useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { ApiError, api, tagged, type Schemas, type Tagged } from '@/api/client';
import { CampaignAudience } from '@/components/campaign-audience';
import { CampaignCheck } from '@/components/campaign-check';
import { CampaignDelivery } from '@/components/campaign-delivery';
import { CampaignExperiment } from '@/components/campaign-experiment';
import { CampaignMessage, usableTemplates } from '@/components/campaign-message';
import { Confirm } from '@/components/confirm';
import { Conflict } from '@/components/conflict';
import { LeaveGuard } from '@/components/leave-guard';
import { PageHead } from '@/components/page';
import { Empty, Failed, Loading, useReason } from '@/components/states';
import { Steps } from '@/components/steps';
import { TemplatePreview } from '@/components/template-preview';
import { Button } from '@/components/ui/button';
import { Card, CardTitle } from '@/components/ui/card';
import { useAct } from '@/lib/act';
import { bodyOf, draftOf, EMPTY, gapsOf, sameDraft, EVERYBODY, OWN, type Draft } from '@/lib/campaign';
import { deliveryFaults, deliveryWords } from '@/lib/campaign-delivery';
import { fillingOf, type Words } from '@/lib/campaign-words';
import { gapsOfTest, type TestDraft } from '@/lib/experiment';
import { useFormat } from '@/lib/format';
import { useAttachNew } from '@/lib/marketing';
import { channelsQuery, segmentsQuery, templatesQuery, useWorkspaceId } from '@/lib/queries';
import { versionFor, wantsOf } from '@/lib/template';

type Campaign = Schemas['Campaign'];

const BASE = '/api/v1/messaging/campaigns/{id}';
const LIVE_MS = 1_000;
const MESSAGE = 0;
const AUDIENCE = 1;
const TEST = 2;
const DELIVERY = 3;
const CHECK = 4;

/** The step that has the field. */
const stepOf = (pointer: string) => {
  if (/^\/(segment_id|audience)/.test(pointer)) return AUDIENCE;
  if (/^\/experiment/.test(pointer)) return TEST;
  return /^\/(delivery|send_in)/.test(pointer) ? DELIVERY : MESSAGE;
};

const read = (id: string) => tagged(api.GET(BASE, { params: { path: { id } } }));
const isStale = (error: unknown) => error instanceof ApiError && error.status === 412;

/** The campaign with which the form begins. What becomes of it afterwards, by the form itself too, begins no other form. */
function useStart(id: string | undefined) {
  const workspace = useWorkspaceId();
  const query = useQuery({
    queryKey: [workspace, 'campaign', id, 'start'],
    queryFn: () => read(id!),
    enabled: id !== undefined,
    gcTime: 0,
  });
  const first = useRef(query.data);
  first.current ??= query.data;
  return { ...query, data: first.current };
}

/** A new campaign, or a copy of another one. */
export function NewCampaign() {
  const { t } = useTranslation();
  const from = useSearch({ strict: false }).open;
  const start = useStart(from);
  if (from && !start.data && !start.isError) return <Loading />;
  if (!start.data && start.isError) return <Failed error={start.error} retry={() => void start.refetch()} />;
  const source = start.data?.data;
  const name = source && t('campaigns.copyOf', { name: source.name }).slice(0, 200);
  return (
    <Wizard
      title={t('campaigns.add')}
      start={source ? { ...draftOf(source), name: name! } : EMPTY}
      own={source?.audience ?? null}
    />
  );
}

/** A campaign that has not started. */
export function EditCampaign() {
  const { t } = useTranslation();
  const { id } = useParams({ from: '/app/campaigns/$id/edit' });
  const start = useStart(id);
  if (!start.data && !start.isError) return <Loading />;
  if (!start.data) return <Failed error={start.error} retry={() => void start.refetch()} />;
  const { data } = start.data;
  if (!['draft', 'planned', 'failed'].includes(data.status))
    return (
      <Empty title={t('campaigns.editOver')}>
        <Button asChild variant="outline">
          <Link to="/campaigns/$id" params={{ id }}>
            {data.name}
          </Link>
        </Button>
      </Empty>
    );
  return <Wizard title={t('campaigns.edit')} start={draftOf(data)} own={data.audience ?? null} of={start.data} />;
}

function Wizard({
  title,
  start,
  own,
  of,
}: {
  title: string;
  start: Draft;
  /** The rule of a campaign that has one of its own. */
  own: Campaign['audience'];
  of?: Tagged<Campaign>;
}) {
  const { t, i18n } = useTranslation();
  const workspace = useWorkspaceId();
  const queries = useQueryClient();
  const format = useFormat();
  const reason = useReason();
  const navigate = useNavigate();
  const attachNew = useAttachNew();
  const channels = useQuery(channelsQuery(workspace)).data?.items.filter((one) => one.kind === 'whatsapp');
  const segments = useQuery(segmentsQuery(workspace)).data?.items;
  const templates = useQuery(templatesQuery(workspace)).data?.items;
  const [step, setStep] = useState(MESSAGE);
  const [written, setDraft] = useState(start);
  // What the API has, or what a new campaign begins with.
  const saved = useRef(start);
  /** The campaign as this person has saved or seen it last. A change holds only for this state. */
  const [base, setBase] = useState(of);
  const [theirs, setTheirs] = useState<Tagged<Campaign> | null>(null);
  const [faults, setFaults] = useState<Record<string, string>>({});
  const [fault, setFault] = useState('');

  const only = channels?.length === 1 ? channels[0]!.id : '';
  const filled = (one: Draft) => ({ ...one, channel: one.channel || only });
  const draft = filled(written);
  const isDirty = () => JSON.stringify(draft) !== JSON.stringify(filled(saved.current));
  const channel = channels?.find((one) => one.id === draft.channel);
  const usable = usableTemplates(templates, channel);
  const templateOf = ({ template }: Words) =>
    versionFor(
      usable.filter((one) => one.name === template),
      i18n.language,
    );
  const wantsOfWords = (words: Words) => wantsOf(templateOf(words));
  const template = templateOf(draft);
  const change = (patch: Partial<Draft>) => {
    setDraft({ ...draft, ...patch });
    setFaults({});
    setFault('');
  };

  const id = base?.data.id;
  const checked = useQuery({
    queryKey: [workspace, 'campaign', id, 'check'],
    queryFn: () => read(id!),
    enabled: id !== undefined && step === CHECK,
    refetchInterval: ({ state }) => (state.data?.data.status === 'planning' ? LIVE_MS : LIVE_MS * 5),
    gcTime: 0,
  });
  // The planning changes the campaign too. What somebody else writes is another thing: this person has not seen it.
  const other = checked.data && base && !sameDraft(checked.data.data, base.data) ? checked.data : null;
  const conflict = theirs ?? other;
  const campaign = other ? undefined : checked.data?.data;

  /** Shows a refusal where it belongs. Returns false for one that has no place. */
  const place = (error: unknown) => {
    if (!(error instanceof ApiError) || !error.problem?.errors?.length) return false;
    const found = Object.fromEntries(error.problem.errors.map((one) => [one.pointer, one.detail]));
    setFaults(found);
    setStep(Math.min(...Object.keys(found).map(stepOf)));
    // A fault may stand in a later step, or have no field of its own.
    setFault(t('templates.refused'));
    return true;
  };
  /** Keeps the draft, and lets Kazi choose the recipients: that is what is checked before anything is sent. */
  const plan = useAct(async (seen: Tagged<Campaign> | undefined) => {
    setFault('');
    const body = bodyOf(draft, wantsOfWords, own);
    const patch = ({ data, etag }: Tagged<Campaign>) =>
      tagged(api.PATCH(BASE, { params: { path: { id: data.id }, header: { 'If-Match': etag } }, body }));
    try {
      const kept = seen
        ? await patch(seen).catch(async (error: unknown) => {
            if (!isStale(error)) throw error;
            // The planning changes the tag too: then there is nothing that this person has not seen.
            const now = await read(seen.data.id);
            if (!sameDraft(now.data, seen.data)) throw error;
            return patch(now);
          })
        : await tagged(api.POST('/api/v1/messaging/campaigns', { body }));
      if (!seen) await attachNew(kept.data.id);
      setBase(kept);
      saved.current = draft;
      await api.POST(`${BASE}/plan`, { params: { path: { id: kept.data.id } } });
      await queries.resetQueries({ queryKey: [workspace, 'campaign', kept.data.id, 'check'] });
      setTheirs(null);
      setStep(CHECK);
    } catch (error) {
      if (isStale(error) && seen) setTheirs(await read(seen.data.id));
      else if (!place(error)) setFault(reason(error));
    }
  });
  /** The tag of what this person has seen: the newest one, unless somebody else has written meanwhile. */
  const seen = other || theirs || !checked.data ? base : checked.data;

  const params = { path: { id: id ?? '' } };
  const leave = () => navigate({ to: '/campaigns/$id', params: { id: id! }, ignoreBlocker: true });
  const send = useAct(async () => {
    await api.POST(`${BASE}/send`, { params });
    await leave();
  }, t('campaigns.started'));
  /** The next step, if nothing of this one lacks. */
  const next = (then: () => void, gaps: Record<string, string> = {}) => {
    setFaults(gaps);
    if (!Object.keys(gaps).length) then();
  };
  const valuesIn = (words: Words) =>
    [
      words.link,
      ...Object.values(words.location),
      words.title,
      ...words.places,
      ...Object.values(words.urls),
      ...Object.values(words.coupons),
      ...Object.values(words.cards).flatMap((card) => [card.link, ...card.places, ...Object.values(card.urls)]),
      words.ends && format.moment(words.ends),
    ]
      .map((each) =>
        typeof each === 'string'
          ? each
          : [t(`campaigns.fields.${each.from}`, { defaultValue: each.from }), each.text].filter(Boolean).join(': '),
      )
      .filter(Boolean)
      .join(', ');
  const testIn = ({ arms, isPart, part, holdout, metric, hours, choice, otherwise }: TestDraft) =>
    [
      ...arms.map(({ name, percent, language, words }) =>
        [name, format.percent(Number(percent) / 100), language, words?.template, words && valuesIn(words)]
          .filter(Boolean)
          .join(' '),
      ),
      isPart ? `${t('experiment.testPercent')}: ${part}` : t('experiment.allAtOnce'),
      `${t('experiment.holdout')}: ${holdout}`,
      t(`experiment.metrics.${metric}`),
      `${t('experiment.hours')}: ${hours}`,
      t(`experiment.choices.${choice}`),
      t(`experiment.otherwises.${otherwise}`),
    ].join('; ');
  const wordsOf = (one: Draft) => ({
    [t('campaigns.name')]: one.name,
    [t('campaigns.channel')]: channels?.find((each) => each.id === one.channel)?.name ?? one.channel,
    [t('campaigns.template')]: one.template,
    [t('campaigns.values')]: valuesIn(one),
    [t('campaigns.audience')]: audienceName(one.audience),
    [t('experiment.title')]: one.test.isOn ? testIn(one.test) : '',
    [t('campaigns.conversionDays')]: one.days,
    [t('campaigns.delivery.title')]: Object.values(deliveryWords(one.delivery, t)).join('; '),
  });
  const audienceName = (audience: string) =>
    audience === EVERYBODY
      ? t('campaigns.everybody')
      : audience === OWN
        ? t('campaigns.ownAudience')
        : (segments?.find((one) => one.id === audience)?.name ?? '');
  const differing = () => {
    const [mine, others] = [wordsOf(draft), wordsOf(draftOf(conflict!.data))];
    return Object.keys(mine)
      .filter((label) => mine[label] !== others[label])
      .map((label) => ({ label, theirs: others[label] ?? '', mine: mine[label] ?? '' }));
  };

  const report = campaign?.report;
  const count = report?.recipients ?? 0;
  return (
    <>
      <LeaveGuard isUnsaved={isDirty} />
      <PageHead title={title} back={{ to: '/campaigns', label: t('nav.campaigns') }} />
      <Steps
        names={[
          t('campaigns.stepMessage'),
          t('campaigns.stepAudience'),
          t('experiment.step'),
          t('campaigns.delivery.title'),
          t('campaigns.stepCheck'),
        ]}
        at={step}
      />
      {conflict && (
        <div className="mb-6">
          <Conflict
            differing={differing()}
            onTakeTheirs={() => {
              setDraft(draftOf(conflict.data));
              saved.current = draftOf(conflict.data);
              setBase(conflict);
              setTheirs(null);
              setStep(MESSAGE);
            }}
            onKeepMine={() => {
              setTheirs(null);
              setBase(conflict);
              plan.mutate(conflict);
            }}
          />
        </div>
      )}
      <div className="grid items-start gap-6 xl:grid-cols-3">
        <Card className="xl:col-span-2">
          {step === MESSAGE && (
            <CampaignMessage draft={draft} channels={channels} usable={usable} faults={faults} onChange={change} />
          )}
          {step === AUDIENCE && (
            <CampaignAudience draft={draft} own={own} segments={segments} faults={faults} onChange={change} />
          )}
          {step === TEST && <CampaignExperiment draft={draft} usable={usable} faults={faults} onChange={change} />}
          {step === DELIVERY && (
            <CampaignDelivery value={draft.delivery} faults={faults} onChange={(delivery) => change({ delivery })} />
          )}
          {step === CHECK &&
            (checked.isError ? (
              <Failed error={checked.error} retry={() => void checked.refetch()} />
            ) : campaign?.status === 'failed' ? (
              <p role="alert" className="text-destructive-text">
                {campaign.reason_detail ?? campaign.reason}
              </p>
            ) : campaign?.status !== 'planned' || !report ? (
              <div role="status" className="grid gap-4">
                <p>{t('campaigns.planning')}</p>
                <Loading />
              </div>
            ) : (
              <CampaignCheck campaign={campaign} report={report} onScheduled={leave} />
            ))}
          {fault && (
            <p role="alert" className="mt-4 text-sm text-destructive-text">
              {fault}
            </p>
          )}
          <div className="mt-6 flex flex-wrap justify-end gap-2">
            {step > MESSAGE && (
              <Button
                variant="outline"
                onClick={() => setStep(step === DELIVERY && !draft.test.isOn ? AUDIENCE : step - 1)}
              >
                {t('common.back')}
              </Button>
            )}
            {step === MESSAGE && (
              <Button
                disabled={!templates}
                onClick={() => next(() => setStep(AUDIENCE), gapsOf(draft, wantsOfWords, t('common.required')))}
              >
                {t('common.next')}
              </Button>
            )}
            {step === AUDIENCE && (
              <>
                {!draft.test.isOn && (
                  <Button variant="outline" disabled={!draft.audience} onClick={() => setStep(TEST)}>
                    <SplitIcon aria-hidden />
                    {t('experiment.use')}
                  </Button>
                )}
                <Button disabled={!draft.audience} onClick={() => setStep(draft.test.isOn ? TEST : DELIVERY)}>
                  {t('common.next')}
                </Button>
              </>
            )}
            {step === TEST && (
              <Button
                onClick={() =>
                  next(() => setStep(DELIVERY), gapsOfTest(draft.test, wantsOfWords, t('common.required')))
                }
              >
                {t('common.next')}
              </Button>
            )}
            {step === DELIVERY && (
              <Button
                disabled={plan.isPending || conflict !== null}
                onClick={() => next(() => plan.mutate(seen), deliveryFaults(draft.delivery, t))}
              >
                {t('campaigns.stepCheck')}
              </Button>
            )}
            {step === CHECK && id && (
              <>
                <Button asChild variant="outline">
                  <Link to="/campaigns/$id" params={{ id }}>
                    {t('campaigns.later')}
                  </Link>
                </Button>
                {draft.delivery.sendIn === 'workspace_zone' && (
                  <Confirm
                    trigger={
                      <Button disabled={!count}>
                        <SendIcon className="rtl:-scale-x-100" aria-hidden />
                        {t('campaigns.send')}
                      </Button>
                    }
                    title={t('campaigns.sendTitle', { count, shown: format.number(count) })}
                    text={t('campaigns.sendText')}
                    action={t('campaigns.send')}
                    onConfirm={() => send.mutateAsync(undefined)}
                  />
                )}
              </>
            )}
          </div>
        </Card>
        <Card>
          <CardTitle>{t('templates.preview')}</CardTitle>
          {template ? (
            <TemplatePreview template={template} filling={fillingOf(draft, wantsOfWords(draft), t, format.moment)} />
          ) : (
            <p className="text-sm text-muted-foreground">{t('campaigns.previewNone')}</p>
          )}
        </Card>
      </div>
    </>
  );
}
