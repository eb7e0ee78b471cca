/** The parts of `facts.json` that the seed is made of, as they were gathered. */
export type Facts = {
  readonly sources: readonly {
    readonly id: number;
    readonly title: string;
    readonly publisher: string;
    readonly kind: string;
  }[];
  readonly roles: readonly {
    readonly id: string;
    readonly title: string;
    readonly entryLevel: boolean;
    readonly note?: string;
  }[];
  /** Money a year; `asOf` is a month: `2025-01`. */
  readonly salaries: readonly {
    readonly role: string;
    readonly region: string;
    readonly currency: string;
    readonly low?: number;
    readonly typical?: number;
    readonly high?: number;
    readonly asOf?: string;
    readonly source?: number;
    readonly note?: string;
  }[];
  readonly outlook: readonly {
    readonly occupation: string;
    readonly from: number;
    readonly to: number;
    readonly growthPercent: number;
    readonly source: number;
  }[];
  /** By role. */
  readonly responsibilities: { readonly [role: string]: readonly string[] };
  /** By role. */
  readonly skillsUnique: { readonly [role: string]: readonly string[] };
  readonly expectedOfJuniors: {
    readonly languages: readonly {
      readonly name: string;
      readonly recruitersSeekingPercent?: number;
      readonly over?: boolean;
    }[];
    readonly databases: readonly string[];
    /** By language. */
    readonly frameworks: { readonly [language: string]: readonly string[] };
    readonly tools: readonly string[];
  };
  readonly certifications: readonly string[];
  readonly securityTopics: readonly string[];
  readonly securityPath: readonly string[];
  readonly javascriptForBackend: readonly string[];
  readonly openQuestions: readonly string[];
};

/** `names.json`: what the notebook adds to the facts. */
export type Names = {
  readonly currencies: { readonly [code: string]: string };
  readonly regions: {
    readonly [id: string]: {
      readonly name: string;
      readonly kind: string;
      readonly within?: string;
      readonly parts?: readonly string[];
      readonly names: readonly string[];
    };
  };
  readonly roles: { readonly [id: string]: readonly string[] };
  /** Roles that an occupation is nearest to. */
  readonly occupations: { readonly [occupation: string]: readonly string[] };
  readonly skillCategories: { readonly [id: string]: string };
  readonly skills: { readonly [skill: string]: readonly string[] };
  readonly paths: {
    readonly [part in 'securityPath' | 'javascriptForBackend']: {
      readonly id: string;
      readonly title: string;
    };
  };
  /** What belongs to a step of a path. */
  readonly stepSkills: {
    readonly [step: string]: { readonly categories?: readonly string[]; readonly skills?: readonly string[] };
  };
  readonly subjects: { readonly [id: string]: { readonly name: string; readonly names: readonly string[] } };
};
