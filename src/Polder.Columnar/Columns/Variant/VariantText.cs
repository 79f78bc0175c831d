using System;
using System.Buffers.Text;
using Polder.Columns.Values;

namespace Polder.Columns.Variant;

/// <summary>Variants as the JSON that Spark's to_json writes: dates, times and binaries are strings.</summary>
internal static class VariantText
{
    /// <summary>Writes a value.</summary>
    /// <param name="value">The value.</param>
    /// <param name="zone">The zone in which instants are written.</param>
    /// <param name="sink">Takes the text.</param>
    /// <exception cref="CorruptFileException">The value is damaged.</exception>
    public static void Write(VariantValue value, Zone zone, TextSink sink)
    {
        VariantWalk walk = new(Limits.Default, value);
        Write(value, zone, sink, ref walk);
    }

    /// <summary>A decimal without the zeros at its end, as Spark reads it from a variant.</summary>
    /// <returns>The digits, how many there are (at least as many as the scale), and the scale, not negative.</returns>
    public static (Int128 Unscaled, int Precision, int Scale) Normalize(VariantDecimal value)
    {
        (Int128 unscaled, int scale) = (value.Unscaled, value.Scale);
        while (scale > 0 && unscaled % 10 == 0)
        {
            unscaled /= 10;
            scale--;
        }

        int digits = 1;
        for (Int128 rest = Int128.Abs(unscaled) / 10; rest > 0; rest /= 10)
        {
            digits++;
        }

        return (unscaled, int.Max(digits, scale), scale);
    }

    private static void Write(VariantValue value, Zone zone, TextSink sink, ref VariantWalk walk)
    {
        walk.Enter(value);
        switch (value.Kind)
        {
            case VariantKind.Object:
                sink.Write('{');
                for (int index = 0; index < value.Count; index++)
                {
                    sink.Write(index == 0 ? "" : ",");
                    WriteQuoted(value.KeyAt(index), sink);
                    sink.Write(':');
                    Write(value[index], zone, sink, ref walk);
                }

                sink.Write('}');
                break;
            case VariantKind.Array:
                sink.Write('[');
                for (int index = 0; index < value.Count; index++)
                {
                    sink.Write(index == 0 ? "" : ",");
                    Write(value[index], zone, sink, ref walk);
                }

                sink.Write(']');
                break;
            case VariantKind.String:
                WriteQuoted(value.GetUtf8(), sink);
                break;
            default:
                WriteScalar(value, zone, sink);
                break;
        }

        walk.Leave();
    }

    private static void WriteScalar(VariantValue value, Zone zone, TextSink sink)
    {
        switch (value.Kind)
        {
            case VariantKind.Null:
                sink.Write("null"u8);
                break;
            case VariantKind.Boolean:
                sink.Write(value.GetBoolean() ? "true"u8 : "false"u8);
                break;
            case VariantKind.Float:
                WriteNumber(value.GetFloat(), float.IsFinite(value.GetFloat()), NumberText.Write, sink);
                break;
            case VariantKind.Double:
                WriteNumber(value.GetDouble(), double.IsFinite(value.GetDouble()), NumberText.Write, sink);
                break;
            case VariantKind.Decimal:
                (Int128 unscaled, _, int scale) = Normalize(value.GetDecimal());
                DecimalText.Write(unscaled, scale, sink);
                break;
            case VariantKind.Date or VariantKind.Timestamp or VariantKind.TimestampNtz or VariantKind.Time:
                sink.Write('"');
                WriteMoment(value, zone, sink);
                sink.Write('"');
                break;
            case VariantKind.Binary:
                sink.Write('"');
                byte[] encoded = new byte[Base64.GetMaxEncodedToUtf8Length(value.GetBinary().Length)];
                Base64.EncodeToUtf8(value.GetBinary(), encoded, out _, out int length);
                sink.Write(encoded.AsSpan(0, length));
                sink.Write('"');
                break;
            case VariantKind.Uuid:
                sink.Write($"\"{value.GetUuid():D}\"");
                break;
            case VariantKind.TimestampNanos or VariantKind.TimestampNtzNanos:
                throw new UnsupportedFeatureException($"the text of a variant's {value.Kind}", "Spark has none");
            default:
                sink.WriteNumber(value.GetInteger());
                break;
        }
    }

    private static void WriteMoment(VariantValue value, Zone zone, TextSink sink)
    {
        switch (value.Kind)
        {
            case VariantKind.Date:
                TemporalText.WriteDate(value.GetDate(), sink);
                break;
            case VariantKind.Time:
                TemporalText.WriteTime(value.GetTime(), sink);
                break;
            case VariantKind.TimestampNtz:
                TemporalText.WriteTimestamp(value.GetTime(), sink);
                break;
            default:
                long instant = value.GetTime();
                TemporalText.WriteTimestamp(zone.ToLocal(instant), sink);
                long minutes = zone.OffsetAt(instant) / 60_000_000;
                sink.Write(FormattableString.Invariant(
                    $"{(minutes < 0 ? '-' : '+')}{long.Abs(minutes) / 60:D2}:{long.Abs(minutes) % 60:D2}"));
                break;
        }
    }

    private static void WriteNumber<T>(T value, bool isFinite, Action<T, TextSink> write, TextSink sink)
    {
        sink.Write(isFinite ? "" : "\"");
        write(value, sink);
        sink.Write(isFinite ? "" : "\"");
    }

    // As Jackson escapes: what JSON asks for, and no more.
    private static void WriteQuoted(ReadOnlySpan<byte> text, TextSink sink)
    {
        sink.Write('"');
        while (true)
        {
            int plain = 0;
            while (plain < text.Length && text[plain] is >= 0x20 and not ((byte)'"' or (byte)'\\'))
            {
                plain++;
            }

            sink.Write(text[..plain]);
            if (plain == text.Length)
            {
                break;
            }

            WriteEscaped(text[plain], sink);
            text = text[(plain + 1)..];
        }

        sink.Write('"');
    }

    private static void WriteEscaped(byte character, TextSink sink)
    {
        sink.Write('\\');
        switch (character)
        {
            case (byte)'"' or (byte)'\\':
                sink.Write((char)character);
                break;
            case (byte)'\b':
                sink.Write('b');
                break;
            case (byte)'\f':
                sink.Write('f');
                break;
            case (byte)'\n':
                sink.Write('n');
                break;
            case (byte)'\r':
                sink.Write('r');
                break;
            case (byte)'\t':
                sink.Write('t');
                break;
            default:
                sink.Write(FormattableString.Invariant($"u{character:X4}"));
                break;
        }
    }
}
