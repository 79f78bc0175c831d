using System;
using System.Buffers;
using System.Buffers.Binary;
using System.Text;
using Polder.Columns;
using Polder.Columns.Kernels;

namespace Polder.Execution.Keys;

/// <summary>
/// Encodes one value of any type so that equal values give equal bytes: the slow path, for arrays, structs and maps
/// as keys. Each value is a null flag, then its bytes; lists carry their count.
/// </summary>
internal static class NestedKeys
{
    /// <summary>Appends a value in the form that <see cref="ColumnValues.Get"/> gives.</summary>
    public static void Encode(object? value, ArrayBufferWriter<byte> output)
    {
        WriteByte(output, value is null ? (byte)0 : (byte)1);
        switch (value)
        {
            case null:
                break;
            case bool boolean:
                WriteByte(output, boolean ? (byte)1 : (byte)0);
                break;
            case sbyte or short or int or long:
                WriteLong(output, Convert.ToInt64(value, null));
                break;
            case float number:
                WriteLong(output, BitConverter.SingleToInt32Bits(FloatValue.Normalise(number)));
                break;
            case double number:
                WriteLong(output, BitConverter.DoubleToInt64Bits(FloatValue.Normalise(number)));
                break;
            case Int128 number:
                WriteLong(output, (long)(ulong)(UInt128)number);
                WriteLong(output, (long)(number >> 64));
                break;
            case string text:
                WriteBytes(output, Encoding.UTF8.GetBytes(text));
                break;
            case byte[] bytes:
                WriteBytes(output, bytes);
                break;
            case CalendarInterval interval:
                WriteLong(output, interval.Months);
                WriteLong(output, interval.Days);
                WriteLong(output, interval.Microseconds);
                break;
            default:
                EncodeItems(value, output);
                break;
        }
    }

    /// <summary>The value at the start of the bytes, which move on behind it.</summary>
    public static object? Decode(DataType type, ref ReadOnlySpan<byte> input)
    {
        byte flag = input[0];
        input = input[1..];
        if (flag == 0)
        {
            return null;
        }

        switch (type.Kind)
        {
            case TypeKind.Boolean:
                flag = input[0];
                input = input[1..];
                return flag != 0;
            case TypeKind.Byte:
                return (sbyte)ReadLong(ref input);
            case TypeKind.Short:
                return (short)ReadLong(ref input);
            case TypeKind.Integer or TypeKind.Date or TypeKind.YearMonthInterval:
                return (int)ReadLong(ref input);
            case TypeKind.Float:
                return BitConverter.Int32BitsToSingle((int)ReadLong(ref input));
            case TypeKind.Double:
                return BitConverter.Int64BitsToDouble(ReadLong(ref input));
            case TypeKind.Decimal:
                ulong low = (ulong)ReadLong(ref input);
                return (Int128)new UInt128((ulong)ReadLong(ref input), low);
            case TypeKind.String or TypeKind.Char or TypeKind.Varchar:
                return Encoding.UTF8.GetString(ReadBytes(ref input));
            case TypeKind.Binary:
                return ReadBytes(ref input).ToArray();
            case TypeKind.CalendarInterval:
                return new CalendarInterval(
                    (int)ReadLong(ref input), (int)ReadLong(ref input), ReadLong(ref input));
            case TypeKind.Array or TypeKind.Map or TypeKind.Struct or TypeKind.Variant:
                return DecodeItems(type, ref input);
            default:
                return ReadLong(ref input);
        }
    }

    private static void EncodeItems(object value, ArrayBufferWriter<byte> output)
    {
        if (value is (object? Key, object? Value)[] pairs)
        {
            WriteLong(output, pairs.Length);
            foreach ((object? key, object? item) in pairs)
            {
                Encode(key, output);
                Encode(item, output);
            }

            return;
        }

        object?[] items = (object?[])value;
        WriteLong(output, items.Length);
        foreach (object? item in items)
        {
            Encode(item, output);
        }
    }

    private static object DecodeItems(DataType type, ref ReadOnlySpan<byte> input)
    {
        int count = (int)ReadLong(ref input);
        if (type.Kind == TypeKind.Map)
        {
            (object?, object?)[] pairs = new (object?, object?)[count];
            for (int index = 0; index < count; index++)
            {
                object? key = Decode(type.Key!, ref input);
                pairs[index] = (key, Decode(type.Element!, ref input));
            }

            return pairs;
        }

        object?[] items = new object?[count];
        for (int index = 0; index < count; index++)
        {
            DataType itemType = type.Kind switch
            {
                TypeKind.Array => type.Element!,
                TypeKind.Variant => DataType.Binary,
                _ => type.Fields[index].Type,
            };
            items[index] = Decode(itemType, ref input);
        }

        return items;
    }

    private static void WriteByte(ArrayBufferWriter<byte> output, byte value)
    {
        output.GetSpan(1)[0] = value;
        output.Advance(1);
    }

    private static void WriteLong(ArrayBufferWriter<byte> output, long value)
    {
        BinaryPrimitives.WriteInt64LittleEndian(output.GetSpan(sizeof(long)), value);
        output.Advance(sizeof(long));
    }

    private static void WriteBytes(ArrayBufferWriter<byte> output, ReadOnlySpan<byte> bytes)
    {
        WriteLong(output, bytes.Length);
        output.Write(bytes);
    }

    private static long ReadLong(ref ReadOnlySpan<byte> input)
    {
        long value = BinaryPrimitives.ReadInt64LittleEndian(input);
        input = input[sizeof(long)..];
        return value;
    }

    private static ReadOnlySpan<byte> ReadBytes(ref ReadOnlySpan<byte> input)
    {
        int length = (int)ReadLong(ref input);
        ReadOnlySpan<byte> bytes = input[..length];
        input = input[length..];
        return bytes;
    }
}
