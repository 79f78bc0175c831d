using System;
using System.Collections.Generic;
using System.Globalization;
using System.IO;
using System.Linq;
using System.Numerics;
using System.Text;
using System.Text.Json;
using Apache.Arrow;
using Polder.Bytes;
using Polder.Columns;
using Polder.Formats;

namespace Polder.Tests.Parquet.Conformance;

/// <summary>
/// Compares a value of a column with what the corpus recorded for it (README, "Row encoding"), where the recording
/// readers have types that Polder holds otherwise: unsigned integers, nanoseconds, UUIDs, times with a zone.
/// </summary>
internal static class RowComparer
{
    private static readonly DateTime Epoch = new(1970, 1, 1, 0, 0, 0, DateTimeKind.Utc);

    /// <summary>What differs, or null.</summary>
    public static string? Compare(IArrowArray array, int row, DataType type, JsonElement expected)
    {
        if (array is NullArray || array.IsNull(row))
        {
            return expected.ValueKind == JsonValueKind.Null ? null : $"null where {expected} was expected";
        }

        if (expected.ValueKind == JsonValueKind.Null)
        {
            return type.Kind == TypeKind.Variant
                ? CompareVariant((StructArray)array, row, expected)
                : $"a value of {type} where null was expected";
        }

        return type.Kind switch
        {
            TypeKind.Struct => CompareStruct((StructArray)array, row, type, expected),
            TypeKind.Array => CompareList((ListArray)array, row, type, expected),
            TypeKind.Map => CompareMap((MapArray)array, row, type, expected),
            TypeKind.Variant => CompareVariant((StructArray)array, row, expected),
            _ => CompareLeaf(array, row, type, expected),
        };
    }

    private static string? CompareStruct(StructArray array, int row, DataType type, JsonElement expected)
    {
        List<JsonElement> values = [.. expected.EnumerateObject().Select(property => property.Value)];
        if (values.Count != type.Fields.Count)
        {
            return $"{type.Fields.Count} fields where {values.Count} were expected";
        }

        for (int fieldIndex = 0; fieldIndex < values.Count; fieldIndex++)
        {
            StructField field = type.Fields[fieldIndex];
            string? difference = Compare(array.Fields[fieldIndex], row, field.Type, values[fieldIndex]);
            if (difference is not null)
            {
                return $".{field.Name}: {difference}";
            }
        }

        return null;
    }

    private static string? CompareVariant(StructArray array, int row, JsonElement expected)
    {
        // DuckDB records a variant as a text of its own, which does not tell a number from a string.
        if (expected.ValueKind == JsonValueKind.String)
        {
            return null;
        }

        using MemoryStream json = new();
        using (Utf8JsonWriter writer = new(json))
        {
            RowJson.WriteValue(writer, array, DataType.Variant, row);
        }

        JsonElement actual = JsonDocument.Parse(json.ToArray()).RootElement;
        return JsonElement.DeepEquals(actual, expected) ? null : $"variant {actual} where {expected} was expected";
    }

    private static string? CompareList(ListArray array, int row, DataType type, JsonElement expected)
    {
        int start = array.ValueOffsets[row], count = array.ValueOffsets[row + 1] - start;
        if (expected.ValueKind != JsonValueKind.Array || count != expected.GetArrayLength())
        {
            return $"{count} elements where {expected} was expected";
        }

        for (int index = 0; index < count; index++)
        {
            string? difference = Compare(array.Values, start + index, type.Element!, expected[index]);
            if (difference is not null)
            {
                return $"[{index}]: {difference}";
            }
        }

        return null;
    }

    private static string? CompareMap(MapArray array, int row, DataType type, JsonElement expected)
    {
        int start = array.ValueOffsets[row], count = array.ValueOffsets[row + 1] - start;
        if (expected.ValueKind != JsonValueKind.Array || count != expected.GetArrayLength())
        {
            return $"{count} entries where {expected} was expected";
        }

        for (int index = 0; index < count; index++)
        {
            string? difference = Compare(array.Keys, start + index, type.Key!, expected[index][0]) ??
                Compare(array.Values, start + index, type.Element!, expected[index][1]);
            if (difference is not null)
            {
                return $"[{index}]: {difference}";
            }
        }

        return null;
    }

    private static string? CompareLeaf(IArrowArray array, int row, DataType type, JsonElement expected)
    {
        string wanted = expected.ValueKind == JsonValueKind.String ? expected.GetString()! : expected.GetRawText();
        bool isEqual = type.Kind switch
        {
            TypeKind.Float => SameFloat(((FloatArray)array).Values[row], wanted),
            TypeKind.Double => SameDouble(((DoubleArray)array).Values[row], wanted),
            TypeKind.Decimal => SameDecimal(Unscaled(array, row), type.Scale, wanted),
            TypeKind.WideDecimal => SameDecimal(
                (BigInteger)ColumnValues.Get(array, row, type)!, type.Scale, wanted),
            TypeKind.Binary => SameBytes(((BinaryArray)array).GetBytes(row), wanted),
            TypeKind.String => wanted == Text(array, row, type) ||
                wanted == Convert.ToHexStringLower(((StringArray)array).GetBytes(row)),
            _ => Normal(wanted, type) == Text(array, row, type),
        };
        return isEqual ? null : $"{Shown(array, row, type)} where {wanted} was expected";
    }

    private static string Shown(IArrowArray array, int row, DataType type) => type.Kind switch
    {
        TypeKind.Float => ((FloatArray)array).Values[row].ToString("R", CultureInfo.InvariantCulture),
        TypeKind.Double => ((DoubleArray)array).Values[row].ToString("R", CultureInfo.InvariantCulture),
        TypeKind.Decimal => $"{Unscaled(array, row)}e-{type.Scale}",
        _ => Text(array, row, type),
    };

    private static Int128 Unscaled(IArrowArray array, int row) =>
        ByteCast.As<Int128>(((Decimal128Array)array).ValueBuffer.Span)[row];

    private static bool SameFloat(float actual, string wanted) =>
        float.TryParse(wanted, CultureInfo.InvariantCulture, out float value) && actual.Equals(value);

    private static bool SameDouble(double actual, string wanted) =>
        double.TryParse(wanted, CultureInfo.InvariantCulture, out double value) &&
        (actual.Equals(value) || (float)actual == (float)value && wanted.Length < 9);

    private static bool SameDecimal(BigInteger unscaled, int scale, string wanted)
    {
        string[] parts = wanted.Split('.');
        string digits = parts[0] + (parts.Length > 1 ? parts[1] : "").PadRight(scale, '0');
        return BigInteger.Parse(digits, CultureInfo.InvariantCulture) == unscaled;
    }

    // As hex, as a UUID, as DuckDB's text of a blob (printable bytes as they are), or as its text of an interval.
    private static bool SameBytes(ReadOnlySpan<byte> bytes, string wanted)
    {
        string hex = Convert.ToHexStringLower(bytes);
        if (hex == wanted || hex == wanted.Replace("-", "", StringComparison.Ordinal))
        {
            return true;
        }

        return Blob(bytes) == wanted || (bytes.Length == 12 && Interval(bytes) == wanted);
    }

    private static string Blob(ReadOnlySpan<byte> bytes)
    {
        StringBuilder text = new();
        foreach (byte next in bytes)
        {
            bool isPlain = next is >= 32 and < 127 and not ((byte)'\'' or (byte)'"');
            text.Append(isPlain ? ((char)next).ToString() : $"\\x{next:X2}");
        }

        return text.ToString();
    }

    private static string Interval(ReadOnlySpan<byte> bytes)
    {
        ReadOnlySpan<uint> parts = ByteCast.As<uint>(bytes);
        List<string> words = [];
        Add(parts[0] / 12, "year");
        Add(parts[0] % 12, "month");
        Add(parts[1], "day");
        uint millis = parts[2];
        if (millis > 0 || words.Count == 0)
        {
            string time = $"{millis / 3_600_000:00}:{millis / 60_000 % 60:00}:{millis / 1000 % 60:00}";
            words.Add(millis % 1000 > 0 ? $"{time}.{millis % 1000:000}".TrimEnd('0') : time);
        }

        return string.Join(' ', words);

        void Add(uint count, string unit)
        {
            if (count > 0)
            {
                words.Add($"{count} {unit}{(count == 1 ? "" : "s")}");
            }
        }
    }

    // Fractions to six digits; zones left out.
    private static string Normal(string wanted, DataType type)
    {
        switch (type.Kind)
        {
            case TypeKind.Timestamp or TypeKind.TimestampNtz:
                string bare = wanted.TrimEnd('Z');
                int point = bare.LastIndexOf('.');
                return point >= 0 && bare.Length > point + 7 ? bare[..(point + 7)] : bare;
            case TypeKind.Time:
                string time = wanted.Split('+')[0];
                string[] halves = time.Split('.');
                string fraction = (halves.Length > 1 ? halves[1] : "").PadRight(6, '0')[..6];
                return $"{halves[0]}.{fraction}";
            default:
                return wanted;
        }
    }

    private static string Text(IArrowArray array, int row, DataType type) => type.Kind switch
    {
        TypeKind.Boolean => ((BooleanArray)array).GetValue(row)!.Value ? "true" : "false",
        TypeKind.Byte => ((Int8Array)array).Values[row].ToString(CultureInfo.InvariantCulture),
        TypeKind.Short => ((Int16Array)array).Values[row].ToString(CultureInfo.InvariantCulture),
        TypeKind.Integer => ((Int32Array)array).Values[row].ToString(CultureInfo.InvariantCulture),
        TypeKind.Long => ((Int64Array)array).Values[row].ToString(CultureInfo.InvariantCulture),
        TypeKind.String => ((StringArray)array).GetString(row),
        TypeKind.Binary => Convert.ToHexStringLower(((BinaryArray)array).GetBytes(row)),
        TypeKind.Date => Date(((Date32Array)array).Values[row]),
        TypeKind.Time => TimeText(((Time64Array)array).Values[row]),
        TypeKind.Timestamp or TypeKind.TimestampNtz => Timestamp(((TimestampArray)array).Values[row]),
        _ => throw new InvalidOperationException($"no comparison of {type}"),
    };

    private static string TimeText(long micros)
    {
        long seconds = micros / 1_000_000;
        return $"{seconds / 3600:00}:{seconds / 60 % 60:00}:{seconds % 60:00}.{micros % 1_000_000:000000}";
    }

    private static string Timestamp(long micros)
    {
        long days = Math.DivRem(micros, 86_400_000_000, out long rest);
        if (rest < 0)
        {
            days--;
            rest += 86_400_000_000;
        }

        return $"{Date(days)}T{TimeText(rest)}";
    }

    // The days of four hundred years are a whole number of weeks and leap cycles: years out of DateTime's range are
    // shifted by them.
    private static string Date(long days)
    {
        const int DaysPerCycle = 146_097;
        long cycles = Math.DivRem(days, DaysPerCycle, out long rest);
        if (rest < 0)
        {
            cycles--;
            rest += DaysPerCycle;
        }

        DateTime date = Epoch.AddDays(rest);
        long year = date.Year + (cycles * 400);
        string text = year < 0 ? $"-{-year:0000}" : $"{year:0000}";
        return $"{text}-{date.Month:00}-{date.Day:00}";
    }
}
