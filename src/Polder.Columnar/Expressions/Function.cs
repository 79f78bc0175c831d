namespace Polder.Expressions;

/// <summary>
/// Every operator and scalar function that the evaluator knows. Arguments arrive coerced; the comment gives the form.
/// A function is here and equal to Spark's, or it is refused by name.
/// </summary>
public enum Function
{
    /// <summary>boolean, boolean; the right side is evaluated only where the left is not FALSE.</summary>
    And,

    /// <summary>boolean, boolean; the right side is evaluated only where the left is not TRUE.</summary>
    Or,

    /// <summary>boolean.</summary>
    Not,

    /// <summary>Two operands of one type.</summary>
    Equal,

    /// <summary>Two operands of one type; never null.</summary>
    NullSafeEqual,

    /// <summary>Two operands of one type.</summary>
    LessThan,

    /// <summary>Two operands of one type.</summary>
    LessThanOrEqual,

    /// <summary>Two operands of one type.</summary>
    GreaterThan,

    /// <summary>Two operands of one type.</summary>
    GreaterThanOrEqual,

    /// <summary>A value, then candidates of its type.</summary>
    In,

    /// <summary>Any operand; never null.</summary>
    IsNull,

    /// <summary>Any operand; never null.</summary>
    IsNotNull,

    /// <summary>string, pattern, escape character.</summary>
    Like,

    /// <summary>Operands of one type, lazily, the first that is not null.</summary>
    Coalesce,

    /// <summary>
    /// Two numbers or intervals of one type (decimals: each its own precision and scale), a date and days (int), a
    /// date, timestamp or time and an interval; whatever the text says, the interval or the days come second.
    /// </summary>
    Add,

    /// <summary>As <see cref="Add"/>, and two dates, two timestamps of one type or two times, to an interval.</summary>
    Subtract,

    /// <summary>Two numbers of one type (decimals as in <see cref="Add"/>), or an interval and any number.</summary>
    Multiply,

    /// <summary>Two doubles, two decimals, or an interval and any number.</summary>
    Divide,

    /// <summary>Two bigints or two decimals, to bigint: DIV.</summary>
    IntegralDivide,

    /// <summary>Two numbers of one type: %.</summary>
    Remainder,

    /// <summary>One number or interval: unary minus.</summary>
    Negate,

    /// <summary>One number.</summary>
    Abs,

    /// <summary>Two integrals of one type.</summary>
    BitwiseAnd,

    /// <summary>Two integrals of one type.</summary>
    BitwiseOr,

    /// <summary>Two integrals of one type.</summary>
    BitwiseXor,

    /// <summary>One integral.</summary>
    BitwiseNot,

    /// <summary>Strings, or binaries: joined; null where one is.</summary>
    Concatenate,

    /// <summary>string or binary, start from 1, length (the largest int where none was given).</summary>
    Substring,

    /// <summary>date, timestamp, time or interval: the field of that name.</summary>
    Year,

    /// <summary>As <see cref="Year"/>.</summary>
    Quarter,

    /// <summary>As <see cref="Year"/>.</summary>
    Month,

    /// <summary>As <see cref="Year"/>: ISO week.</summary>
    WeekOfYear,

    /// <summary>As <see cref="Year"/>: ISO week-numbering year.</summary>
    YearOfWeek,

    /// <summary>As <see cref="Year"/>: day of the month, days of an interval.</summary>
    Day,

    /// <summary>1 = Sunday.</summary>
    DayOfWeek,

    /// <summary>1 = Monday.</summary>
    DayOfWeekIso,

    /// <summary>0 = Monday.</summary>
    Weekday,

    /// <summary>1 to 366.</summary>
    DayOfYear,

    /// <summary>As <see cref="Year"/>.</summary>
    Hour,

    /// <summary>As <see cref="Year"/>.</summary>
    Minute,

    /// <summary>Whole seconds, int.</summary>
    Second,

    /// <summary>Seconds with six decimals, decimal(8,6): extract(SECOND …).</summary>
    SecondWithFraction,

    /// <summary>string: JSON as a variant.</summary>
    ParseJson,

    /// <summary>As <see cref="ParseJson"/>; null where the text is no JSON.</summary>
    TryParseJson,

    /// <summary>variant, path: the part at the path as the call's type, null where there is none.</summary>
    VariantGet,

    /// <summary>As <see cref="VariantGet"/>; null where the part is none of the type.</summary>
    TryVariantGet,

    /// <summary>variant: JSON of it.</summary>
    ToJson,

    /// <summary>variant: whether it is the variant null, which an SQL null is not.</summary>
    IsVariantNull,

    /// <summary>variant: the name of its type.</summary>
    SchemaOfVariant,

    /// <summary>array, map or struct: as a variant.</summary>
    ToVariantObject,
}
