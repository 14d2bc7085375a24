import * as z from 'zod';
import { clickLimit, flag, line, text } from '../api/fields.ts';
import { httpUrl, optionalUrl } from '../api/http-url.ts';
import { moment } from '../api/moment.ts';
import { domainName } from '../domains/domain.ts';
import { hookLines } from '../hooks/hook.ts';
import { rules } from './rules/rule-fields.ts';
import { slug } from './slug-field.ts';

/** An id that becomes part of the page on the way: in capitals, and of its vendor's shape. */
const tagId = (shape: RegExp, sentence: string) =>
  text(64)
    .transform((value) => value?.trim().toUpperCase() ?? null)
    .refine((value) => value === null || shape.test(value), sentence);

/** The fields a client may set; those not sent stay as they are, or get their default. Others are ignored. */
export const linkFieldsSchema = z.object({
  url: httpUrl.optional(),
  name: line(255).optional(),
  note: text(4_096).optional(),
  expiry_datetime: moment.optional(),
  expiry_clicks: clickLimit.optional(),
  expiry_destination: optionalUrl.optional(),
  slug: slug.optional(),
  domain: domainName.nullable().optional(),
  enabled: flag.optional(),
  deleted: flag.optional(),
  cloaking: flag.optional(),
  forward_params: flag.optional(),
  block_bots: flag.optional(),
  skip_social_crawler_tracking: flag.optional(),
  public_analytics: flag.optional(),
  utm_source: line(1_024).optional(),
  utm_medium: line(1_024).optional(),
  utm_campaign: line(1_024).optional(),
  utm_term: line(1_024).optional(),
  utm_content: line(1_024).optional(),
  og_title: line(1_024).optional(),
  og_description: text(4_096).optional(),
  og_image: optionalUrl.optional(),
  hide_referrer: flag.optional(),
  head_tags: text(20_000).optional(),
  body_tags: text(20_000).optional(),
  fb_pixel_id: tagId(/^\d{5,20}$/, 'must be the digits of a pixel, such as 123456789012345').optional(),
  ga4_tag_id: tagId(/^(G|GT|AW)-[A-Z0-9]{4,20}$/, 'must be a tag such as G-ABC1234567').optional(),
  gtm_id: tagId(/^GTM-[A-Z0-9]{4,20}$/, 'must be a container such as GTM-ABC1234').optional(),
  password: text(255).optional(),
  webhooks: hookLines().optional(),
  rules: rules.optional(),
});

export type LinkFields = z.infer<typeof linkFieldsSchema>;
