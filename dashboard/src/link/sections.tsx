import type { ReactNode } from 'react';
import { chooseDestination } from '../../../lambdas/redirect/destination.ts';
import { UNKNOWN_VISITOR } from '../../../lambdas/redirect/rules.ts';
import { Check, Field } from '../fields.tsx';
import type { Form } from '../use-form.ts';
import type { LinkValues } from './link-values.ts';

/** What every section receives: the form that it is part of. */
export type SectionProps = { form: Form<LinkValues> };

type TextName = { [K in keyof LinkValues]: LinkValues[K] extends string ? K : never }[keyof LinkValues];
type FlagName = { [K in keyof LinkValues]: LinkValues[K] extends boolean ? K : never }[keyof LinkValues];
/** The labels of the fields. Rules and webhooks have their own sections, and the trash has a button in the list. */
const LABELS: Record<Exclude<keyof LinkValues, 'deleted' | 'rules' | 'webhooks'>, string> = {
  domain: 'Domain',
  url: 'Destination',
  slug: 'Slug',
  name: 'Name',
  note: 'Note',
  utm_source: 'Source',
  utm_medium: 'Medium',
  utm_campaign: 'Campaign',
  utm_term: 'Term',
  utm_content: 'Content',
  og_title: 'Title',
  og_description: 'Description',
  og_image: 'Image',
  expiry_datetime: 'Expires at (your time)',
  expiry_clicks: 'Expires after this many clicks',
  expiry_destination: 'Destination after expiry',
  enabled: 'Enabled',
  forward_params: 'Forward the query parameters of the click',
  cloaking: 'Cloaking: keep the short link in the address bar',
  hide_referrer: 'Hide the referrer from the destination',
  block_bots: 'Block bots',
  skip_social_crawler_tracking: 'Do not record social crawlers',
  public_analytics: 'Show the statistics to anyone, at the short link plus +',
  password: 'Password',
  fb_pixel_id: 'Facebook pixel',
  ga4_tag_id: 'Google Analytics 4',
  gtm_id: 'Google Tag Manager',
  head_tags: 'HTML for the head',
  body_tags: 'HTML for the body',
};

type Labelled<Name> = SectionProps & { name: Name & keyof typeof LABELS };
type Described = { hint?: ReactNode; rows?: number; type?: string; isRequired?: boolean };

function TextOf({ form, name, ...props }: Labelled<TextName> & Described) {
  return (
    <Field
      {...props}
      label={LABELS[name]}
      value={form.values[name]}
      onChange={form.set(name)}
      errors={form.errors(name)}
    />
  );
}

function FlagOf({ form, name }: Labelled<FlagName>) {
  return <Check label={LABELS[name]} isSelected={form.values[name]} onChange={form.set(name)} />;
}

/** The address and the destination of the link. */
export function DestinationSection({ form, domains }: SectionProps & { domains: string[] }) {
  return (
    <fieldset>
      <legend>Destination</legend>
      <TextOf form={form} name="url" type="url" isRequired />
      {domains.length > 0 && (
        <label className="field">
          {LABELS.domain}
          <select value={form.values.domain} onChange={({ target }) => form.set('domain')(target.value)}>
            <option value="">Default host</option>
            {domains.map((name) => (
              <option key={name}>{name}</option>
            ))}
          </select>
        </label>
      )}
      <TextOf
        form={form}
        name="slug"
        hint="The part after the domain, such as /sale. Leave it blank to get a random slug."
      />
      <TextOf form={form} name="name" hint="Webhooks receive the name. Visitors never see it." />
      <TextOf form={form} name="note" rows={2} />
    </fieldset>
  );
}

/** The URL of a click that matches no rule, with the UTM parameters; null until the destination is a URL. */
function resultingUrl(values: LinkValues): string | null {
  if (!URL.canParse(values.url)) return null;
  const utm = Object.entries(values).filter(([name]) => name.startsWith('utm_'));
  const set = Object.fromEntries(utm.map(([name, value]) => [name, value === '' ? null : value]));
  const link = { ...set, url: values.url, rules: [], forward_params: false };
  return chooseDestination(link as never, UNKNOWN_VISITOR, '').destination;
}

/** The parameters that are added to the destination, and the resulting URL. */
export function UtmSection({ form }: SectionProps) {
  const url = resultingUrl(form.values);
  return (
    <fieldset>
      <legend>UTM parameters</legend>
      <div className="columns">
        <TextOf form={form} name="utm_source" />
        <TextOf form={form} name="utm_medium" />
        <TextOf form={form} name="utm_campaign" />
        <TextOf form={form} name="utm_term" />
        <TextOf form={form} name="utm_content" />
      </div>
      <p>
        Resulting URL: <output>{url ?? 'not available until the destination is a full URL'}</output>
      </p>
    </fieldset>
  );
}

/** How the link looks when people share it. */
export function PreviewSection({ form }: SectionProps) {
  const { og_title, og_description, og_image, url } = form.values;
  return (
    <fieldset>
      <legend>Social preview</legend>
      <TextOf form={form} name="og_title" />
      <TextOf form={form} name="og_description" rows={2} />
      <TextOf form={form} name="og_image" type="url" />
      <figure className="preview" aria-label="Preview">
        {og_image.startsWith('https://') && <img src={og_image} alt="" />}
        <figcaption>
          <strong>{og_title || 'No title'}</strong>
          <span>{og_description}</span>
          <span className="quiet">{URL.canParse(url) ? new URL(url).host : ''}</span>
        </figcaption>
      </figure>
    </fieldset>
  );
}

/** When the link expires, and its destination after that. */
export function ExpirySection({ form }: SectionProps) {
  return (
    <fieldset>
      <legend>Expiry</legend>
      <div className="columns">
        <TextOf form={form} name="expiry_datetime" type="datetime-local" />
        <TextOf form={form} name="expiry_clicks" type="number" />
      </div>
      <TextOf
        form={form}
        name="expiry_destination"
        type="url"
        hint="If this is blank, visitors see a page that says the link has expired."
      />
    </fieldset>
  );
}

/** What happens when the link is clicked. */
export function BehaviourSection({ form }: SectionProps) {
  return (
    <fieldset>
      <legend>Behaviour</legend>
      <FlagOf form={form} name="enabled" />
      <FlagOf form={form} name="forward_params" />
      <FlagOf form={form} name="cloaking" />
      <FlagOf form={form} name="hide_referrer" />
      <FlagOf form={form} name="block_bots" />
      <FlagOf form={form} name="skip_social_crawler_tracking" />
      <FlagOf form={form} name="public_analytics" />
      <TextOf
        form={form}
        name="password"
        hint="Visitors must enter it. ******** stands for the current password. Leave it blank for no password."
      />
    </fieldset>
  );
}

/** What is loaded on the way to the destination. */
export function TagsSection({ form }: SectionProps) {
  return (
    <fieldset>
      <legend>Pixels and tags</legend>
      <div className="columns">
        <TextOf form={form} name="fb_pixel_id" />
        <TextOf form={form} name="ga4_tag_id" />
        <TextOf form={form} name="gtm_id" />
      </div>
      <TextOf form={form} name="head_tags" rows={3} />
      <TextOf form={form} name="body_tags" rows={3} />
    </fieldset>
  );
}
