// Between a template in Meta's form and the form of the API.

import type { Schemas } from '@/api/client';
import { isOf, namesIn, partsOf, type Part, type PartButton } from './template';

type Template = Schemas['Template'];
type NewTemplate = Schemas['NewTemplate'];

const KINDS: Record<string, Schemas['TemplateButtonKind']> = {
  QUICK_REPLY: 'quick_reply',
  URL: 'url',
  PHONE_NUMBER: 'phone_number',
  COPY_CODE: 'copy_code',
  FLOW: 'flow',
  OTP: 'one_time_password',
};

const first = (example: string[] | string | undefined) => (Array.isArray(example) ? example[0] : example);
const lower = <T extends string>(word: string | undefined) => word?.toLowerCase() as T | undefined;

/** The buttons that the API can write. */
function buttonsOf(buttons: readonly PartButton[] | undefined): Schemas['TemplateButton'][] {
  return (buttons ?? []).flatMap((one) => {
    const type = KINDS[one.type?.toUpperCase() ?? ''];
    if (!type) return [];
    return {
      type,
      ...(type !== 'copy_code' && { text: one.text }),
      url: one.url,
      example: first(one.example),
      phone_number: one.phone_number,
      flow_id: one.flow_id,
      flow_action: lower<Schemas['TemplateFlowAction']>(one.flow_action),
      navigate_screen: one.navigate_screen,
      otp_type: lower<Schemas['TemplateOtpType']>(one.otp_type),
      autofill_text: one.autofill_text,
      supported_apps: one.supported_apps,
      zero_tap_terms_accepted: one.zero_tap_terms_accepted,
    };
  });
}

/** What Meta was told as examples of the variables of a part. */
export function examplesOf(part: Part | undefined): string[] {
  const { example } = part ?? {};
  const named = example?.body_text_named_params ?? example?.header_text_named_params;
  if (named) return namesIn(part?.text).map((name) => named.find((one) => one.param_name === name)?.example ?? '');
  return example?.body_text?.[0] ?? example?.header_text ?? [];
}

function headerOf(part: Part | undefined): Schemas['TemplateHeader'] | undefined {
  if (!part) return undefined;
  const format = lower<Schemas['TemplateHeaderFormat']>(part.format) ?? 'text';
  return { format, ...(format === 'text' && { text: part.text ?? '', examples: examplesOf(part) }) };
}

/** What somebody would have written to make a template. `buttons` can stand in place of its own. */
export function newOf(template: Template, buttons?: readonly PartButton[]): NewTemplate {
  const all = partsOf(template);
  const part = (type: string, of: readonly Part[] = all) => of.find((one) => isOf(one, type));
  const offer = part('LIMITED_TIME_OFFER')?.limited_time_offer;
  const isCode = template.category === 'authentication';
  return {
    channel_id: '',
    name: template.name,
    language: template.language,
    category: template.category,
    parameter_format: template.parameter_format,
    header: headerOf(part('HEADER')),
    body: isCode ? undefined : { text: template.body, examples: examplesOf(part('BODY')) },
    footer: isCode ? undefined : part('FOOTER')?.text,
    buttons: buttonsOf(buttons ?? part('BUTTONS')?.buttons),
    cards: (part('CAROUSEL')?.cards ?? []).map(({ components = [] }) => {
      const body = part('BODY', components);
      return {
        header: headerOf(part('HEADER', components)) ?? { format: 'image' },
        ...(body && { body: { text: body.text ?? '', examples: examplesOf(body) } }),
        buttons: buttonsOf(part('BUTTONS', components)?.buttons),
      };
    }),
    ...(offer && { limited_time_offer: { text: offer.text ?? '', has_expiration: offer.has_expiration } }),
    add_security_recommendation: part('BODY')?.add_security_recommendation,
    code_expiration_minutes: part('FOOTER')?.code_expiration_minutes,
  };
}
