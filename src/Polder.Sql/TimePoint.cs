using System;
using System.Globalization;
using Polder.Columns;
using Polder.Expressions;
using Polder.Sql.Analysis;
using Polder.Sql.Parsing;
using Polder.Sql.Planning;

namespace Polder.Sql;

/// <summary>A version or a time that a table is read at.</summary>
public sealed record TimePoint
{
    private TimePoint(long? version, DateTimeOffset? timestamp)
    {
        Version = version;
        Timestamp = timestamp;
    }

    /// <summary>The version; null where it is a time.</summary>
    public long? Version { get; }

    /// <summary>The time: the version that was the newest then. Null where it is a version.</summary>
    public DateTimeOffset? Timestamp { get; }

    /// <summary>That version.</summary>
    public static TimePoint At(long version) =>
        version >= 0 ? new(version, null) : throw new ArgumentOutOfRangeException(nameof(version));

    /// <summary>The version that was the newest at that time.</summary>
    public static TimePoint At(DateTimeOffset timestamp) => new(null, timestamp);

    /// <summary>A version number, or else a time as Spark casts it to TIMESTAMP, in UTC where it has no zone.</summary>
    /// <exception cref="QueryException">It is neither.</exception>
    public static TimePoint Parse(string text)
    {
        if (long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out long version))
        {
            return At(version);
        }

        try
        {
            return FromMicroseconds((long)SqlParameter.Parse(text, "TIMESTAMP").Value!);
        }
        catch (QueryException exception)
        {
            throw new QueryException(
                exception.Condition,
                exception.SqlState,
                $"'{text}' is neither a version number nor a time; write 37, 2026-01-31 or 2026-01-31T12:00:00",
                exception.Parameters);
        }
    }

    /// <summary>What VERSION AS OF or TIMESTAMP AS OF says; null where neither is written.</summary>
    internal static TimePoint? Of(TimeTravelSyntax? travel)
    {
        if (travel is null)
        {
            return null;
        }

        Scope nothing = new(new LogicalValues([], [[]]), []);
        Expression value = new ExpressionScope(nothing).Analyze(travel.Value);
        DataType type = travel.IsVersion ? DataType.String : DataType.Timestamp;
        if (value.Type.IsNested || value.Type.Kind == TypeKind.Variant)
        {
            throw Invalid(travel, $"a value of type {value.Type}");
        }

        value = TypeWidening.Convert(value, type);
        object? constant = ColumnValues.Get(ValuesBatch.Evaluate(value), 0, type);
        if (constant is long microseconds)
        {
            return FromMicroseconds(microseconds);
        }

        return long.TryParse(constant as string, NumberStyles.None, CultureInfo.InvariantCulture, out long version)
            ? new TimePoint(version, null)
            : throw Invalid(travel, $"'{constant ?? "NULL"}'");
    }

    private static TimePoint FromMicroseconds(long microseconds) =>
        At(DateTimeOffset.UnixEpoch.AddTicks(microseconds * TimeSpan.TicksPerMicrosecond));

    private static QueryException Invalid(TimeTravelSyntax travel, string found) => new(
        travel.IsVersion ? "INVALID_TIME_TRAVEL_SPEC" : "INVALID_TIME_TRAVEL_TIMESTAMP_EXPR.INPUT",
        "42K0E",
        $"{(travel.IsVersion ? "VERSION AS OF takes a version number" : "TIMESTAMP AS OF takes a time")}, not {found}",
        span: travel.Span);
}
