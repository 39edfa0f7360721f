/** What a page can watch: the whole fleet in summaries, or one charger in every detail. */
export type Topic = 'fleet' | `charger:${string}`;

export function chargerTopic(chargePointId: string): Topic {
  return `charger:${chargePointId}`;
}

/** The charge point id of a charger's topic, null for the fleet. */
export function chargePointIdOf(topic: Topic): string | null {
  return topic === 'fleet' ? null : topic.slice('charger:'.length);
}

export function streamPath(topic: Topic): string {
  const chargePointId = chargePointIdOf(topic);
  return chargePointId === null
    ? '/api/events'
    : `/api/events?charge_point_id=${encodeURIComponent(chargePointId)}`;
}
