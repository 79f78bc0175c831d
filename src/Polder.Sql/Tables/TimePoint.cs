using System;
using System.Globalization;
using Polder.Columns;
using Polder.Expressions;
using Polder.Sql.Analysis;
using Polder.Sql.Parsing;
using Polder.Sql.Planning;

namespace Polder.Sql.Tables;

/// <summary>A version or a time that a table is read at.</summary>
internal sealed record TimePoint(long? Version, DateTimeOffset? Timestamp)
{
    /// <summary>What VERSION AS OF or TIMESTAMP AS OF says; null where neither is written.</summary>
    public static TimePoint? Of(TimeTravelSyntax? travel)
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
            return new TimePoint(null, DateTimeOffset.UnixEpoch.AddTicks(microseconds * TimeSpan.TicksPerMicrosecond));
        }

        return long.TryParse(constant as string, NumberStyles.None, CultureInfo.InvariantCulture, out long version)
            ? new TimePoint(version, null)
            : throw Invalid(travel, $"'{constant ?? "NULL"}'");
    }

    private static QueryException Invalid(TimeTravelSyntax travel, string found) => new(
        travel.IsVersion ? "INVALID_TIME_TRAVEL_SPEC" : "INVALID_TIME_TRAVEL_TIMESTAMP_EXPR.INPUT",
        "42K0E",
        $"{(travel.IsVersion ? "VERSION AS OF takes a version number" : "TIMESTAMP AS OF takes a time")}, not {found}",
        span: travel.Span);
}
