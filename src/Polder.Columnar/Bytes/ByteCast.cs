using System;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Polder.Bytes;

/// <summary>Checked views of bytes as numbers: what the rest of the house uses instead of MemoryMarshal.</summary>
public static class ByteCast
{
    /// <summary>Bytes of one value.</summary>
    public static int SizeOf<T>()
        where T : unmanaged => Unsafe.SizeOf<T>();

    /// <summary>The bytes as values in machine order; trailing bytes that make no whole value are left out.</summary>
    public static ReadOnlySpan<T> As<T>(ReadOnlySpan<byte> bytes)
        where T : unmanaged => MemoryMarshal.Cast<byte, T>(bytes);

    /// <summary>The bytes as values in machine order; trailing bytes that make no whole value are left out.</summary>
    public static Span<T> As<T>(Span<byte> bytes)
        where T : unmanaged => MemoryMarshal.Cast<byte, T>(bytes);

    /// <summary>Values as their bytes in machine order.</summary>
    public static ReadOnlySpan<byte> ToBytes<T>(ReadOnlySpan<T> values)
        where T : unmanaged => MemoryMarshal.AsBytes(values);

    /// <summary>Values as their bytes in machine order.</summary>
    public static Span<byte> ToBytes<T>(Span<T> values)
        where T : unmanaged => MemoryMarshal.AsBytes(values);

    /// <summary>Values of one type seen as another of the same size.</summary>
    public static ReadOnlySpan<TTo> Reinterpret<TFrom, TTo>(ReadOnlySpan<TFrom> values)
        where TFrom : unmanaged
        where TTo : unmanaged
    {
        Invariant.Holds(Unsafe.SizeOf<TFrom>() == Unsafe.SizeOf<TTo>(), "reinterpreted values differ in size");
        return MemoryMarshal.Cast<TFrom, TTo>(values);
    }
}
