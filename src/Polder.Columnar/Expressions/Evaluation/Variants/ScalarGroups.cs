using System;
using System.Collections.Generic;
using Apache.Arrow;
using Polder.Columns;
using Polder.Columns.Kernels;
using Polder.Columns.Values;
using Polder.Columns.Variant;
using Polder.Expressions.Analysis;

namespace Polder.Expressions.Evaluation.Variants;

/// <summary>Scalars of many rows, gathered into a column for each of their types.</summary>
internal sealed class ScalarGroups
{
    private static readonly Int128 MicrosPerSecond = 1_000_000;

    private readonly Dictionary<DataType, Group> _groups = [];
    private readonly TextSink _text = new();
    private readonly int _rowCount;

    /// <summary>Makes groups of that many rows at most.</summary>
    public ScalarGroups(int rowCount)
    {
        _rowCount = rowCount;
    }

    /// <summary>Appends a row's value as the JSON of it, a UUID as its text.</summary>
    public void AppendText(int row, VariantValue value, Zone zone)
    {
        _text.Truncate(0);
        VariantText.Write(value, zone, _text);
        ReadOnlySpan<byte> text = value.Kind == VariantKind.Uuid ? _text.Written[1..^1] : _text.Written;
        ((BytesBuilder)For(DataType.String, row)).Append(text);
    }

    /// <summary>Appends a row's value; false where Spark casts no such values to the type.</summary>
    /// <exception cref="QueryException">Spark's SQL has no such values.</exception>
    public bool TryAppend(int row, VariantValue value, DataType target)
    {
        VariantDecimal number = value.Kind == VariantKind.Decimal ? value.GetDecimal() : default;
        (Int128 unscaled, int precision, int scale) = VariantText.Normalize(number);
        DataType type = value.Kind switch
        {
            VariantKind.Boolean => DataType.Boolean,
            VariantKind.Int8 or VariantKind.Int16 or VariantKind.Int32 or VariantKind.Int64 => DataType.Long,
            VariantKind.Float => DataType.Float,
            VariantKind.Double => DataType.Double,
            VariantKind.Decimal => DataType.Decimal(precision, scale),
            VariantKind.Date => DataType.Date,
            VariantKind.Timestamp => DataType.Timestamp,
            VariantKind.TimestampNtz => DataType.TimestampNtz,
            VariantKind.String => DataType.String,
            VariantKind.Binary => DataType.Binary,
            _ => throw QueryException.NotYet($"a variant's {value.Kind} as {target}", default),
        };
        if (!CastRules.CanCast(type, target) || (target.Kind == TypeKind.Timestamp && IsTooFar(value, unscaled, scale)))
        {
            return false;
        }

        Append(For(type, row), value, unscaled);
        return true;
    }

    /// <summary>Casts every group and puts the results in their rows.</summary>
    /// <param name="request">To what; failures are null.</param>
    /// <param name="refused">The first row whose value is none of the type, or -1.</param>
    public ArrayData Cast(CastRequest request, out int refused)
    {
        int[] positions = new int[_rowCount];
        positions.AsSpan().Fill(-1);
        List<IArrowArray> results = [];
        int count = 0, firstRefused = int.MaxValue;
        foreach ((DataType type, Group group) in _groups)
        {
            int length = group.Rows.Count;
            Vector values = Vector.Flat(type, group.Builder.Build().Data);
            IArrowArray cast = CastCompiler.Create(request.With(type, request.To)).Apply(values).ToArray(length);
            Validity validity = Validity.Of(cast);
            for (int index = 0; index < length; index++)
            {
                positions[group.Rows[index]] = count + index;
                firstRefused = validity.IsNull(index) ? int.Min(firstRefused, group.Rows[index]) : firstRefused;
            }

            count += length;
            results.Add(cast);
        }

        refused = firstRefused < int.MaxValue ? firstRefused : -1;
        return results.Count == 0
            ? Constants.Repeat(null, request.To, _rowCount).Data
            : Take.Rows(Concat.Arrays(results), positions).Data;
    }

    /// <summary>Whether seconds are more than a timestamp holds, which Spark's own cast does not mind.</summary>
    private static bool IsTooFar(VariantValue value, Int128 unscaled, int scale)
    {
        if (value.IsInteger)
        {
            return long.Abs(value.GetInteger() / 2) > long.MaxValue / 2 / 1_000_000;
        }

        if (value.Kind != VariantKind.Decimal)
        {
            return false;
        }

        Int128 whole = unscaled;
        for (int digit = 0; digit < scale; digit++)
        {
            whole /= 10;
        }

        return Int128.Abs(whole) * MicrosPerSecond > long.MaxValue || Int128.Abs(whole) > long.MaxValue;
    }

    private static void Append(ColumnBuilder builder, VariantValue value, Int128 unscaled)
    {
        switch (builder)
        {
            case BooleanBuilder booleans:
                booleans.Append(value.GetBoolean());
                break;
            case FixedBuilder<long> longs:
                longs.Append(value.IsInteger ? value.GetInteger() : value.GetTime());
                break;
            case FixedBuilder<int> dates:
                dates.Append(value.GetDate());
                break;
            case FixedBuilder<float> floats:
                floats.Append(value.GetFloat());
                break;
            case FixedBuilder<double> doubles:
                doubles.Append(value.GetDouble());
                break;
            case FixedBuilder<Int128> decimals:
                decimals.Append(unscaled);
                break;
            default:
                ((BytesBuilder)builder).Append(
                    value.Kind == VariantKind.String ? value.GetUtf8() : value.GetBinary());
                break;
        }
    }

    private ColumnBuilder For(DataType type, int row)
    {
        if (!_groups.TryGetValue(type, out Group? group))
        {
            group = new Group(ColumnBuilder.Create(type), []);
            _groups.Add(type, group);
        }

        group.Rows.Add(row);
        return group.Builder;
    }

    private sealed record Group(ColumnBuilder Builder, List<int> Rows);
}
